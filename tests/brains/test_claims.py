import pytest

from agent.brains.claims import acts_of, claimed, contradicts, forbidden, invented

CLAIMS = [
    ("I've created your account.", "account"),
    ("Okay, I just went ahead and registered Acme Realty.", "account"),
    ("Your account has been created!", "account"),
    ("You're all set!", "done"),
    ("Great, it's live.", "live"),
    ("Your agent is now live.", "live"),
    ("I booked you for Tuesday.", "booking"),
    ("I sent you the link.", "message"),
    ("The link is on its way.", "message"),
    ("We have texted it to you.", "message"),
    ("HubSpot is connected.", "connection"),
    ("Saved!", "saved"),
    ("Perfect, updated.", "noted"),
    ("I’ve noted that.", "noted"),
    ("Done.", "done"),
    ("That's all taken care of.", "done"),
    ("Everything is set up.", "saved"),
    ("I've opened a ticket for you.", "ticket"),
    ("I have cancelled your plan.", "undone"),
    ("Your setup completed successfully.", "done"),
    ("When you asked, I didn't know, but I've saved it now.", "saved"),
]
NO_CLAIMS = [
    "What's the name of your brokerage?",
    "Once your account is created, you get a code.",
    "I'll send you a link when we are through.",
    "I haven't saved anything yet.",
    "Nothing is booked yet.",
    "As soon as it's live, callers hear your greeting.",
    "Would you like me to book a call?",
    "Has your website been registered?",
    "Let me note that.",
    "You can change it later.",
    "We're almost all set.",
    "Which plan would you like?",
    "I can't say it's saved.",
    "Sure, happy to help.",
    "Do you want it to be live today?",
]


@pytest.mark.parametrize(("sentence", "act"), CLAIMS)
def test_a_claim_of_completion_is_seen(sentence, act):
    assert any(act in acts for acts in claimed(sentence)), claimed(sentence)


@pytest.mark.parametrize("sentence", NO_CLAIMS)
def test_plans_conditions_questions_and_denials_claim_nothing(sentence):
    assert claimed(sentence) == []


def test_a_receipt_allows_what_its_tool_does_and_nothing_else():
    assert {"account", "saved"} <= acts_of("register_organization")
    assert not {"live", "booking", "message"} & acts_of("register_organization")
    assert "live" in acts_of("activate_agent") and "booking" in acts_of("hand_over")


@pytest.mark.parametrize(
    ("sentence", "known", "is_new"),
    [
        ("It costs $99 a month.", ["Starter is for one user."], True),
        ("It costs ninety-nine dollars.", ["Starter is for one user."], True),
        ("Your number is (303) 555-0142.", ["3 0 3, 5 5 5, 0 1 4 2"], False),
        ("Your number is 303-555-0199.", ["303-555-0142"], True),
        ("Business is for 25 users.", ["Business for 25"], False),
        ("I have jane@acme.com.", ["jane@acme.com"], False),
        ("I have jane@acme.com.", ["john@acme.com"], True),
        ("There are 5 parts.", [], False),
    ],
)
def test_numbers_prices_and_addresses_must_come_from_somewhere(sentence, known, is_new):
    assert invented(sentence, known) is is_new


READ_BACK = "That's jane at acme dot com, J-A-N-E, and 303, 555, 0142. Is that right?"


@pytest.mark.parametrize(
    ("sentence", "against"),
    [
        ("So that's jane@acme.com?", False),
        ("So that's jayne@acme.com?", True),
        ("And 303-555-0142?", False),
        ("And 303-555-0143?", True),
        ("Spelled J-A-N-E?", False),
        ("Spelled J-A-Y-N-E?", True),
        ("We need it so that leads can reach you.", False),
    ],
)
def test_nothing_may_differ_from_what_is_being_read_back(sentence, against):
    assert contradicts(sentence, READ_BACK) is against


@pytest.mark.parametrize(
    ("sentence", "never"),
    [
        ("It's a safe area with good schools.", True),
        ("Very family-friendly!", True),
        ("It would be perfect for a family.", True),
        ("The neighborhood is mostly Hispanic.", True),
        ("It's close to a Baptist church.", True),
        ("Your home is worth about that much.", True),
        ("You should offer a little less.", True),
        ("You’ll be approved, guaranteed.", True),
        ("Which area are you looking in?", False),
        ("How many bedrooms do you need?", False),
        ("I can book an agent who knows the schools and the area.", False),
        ("What price range works for you?", False),
        ("Is a fenced yard important?", False),
    ],
)
def test_who_lives_where_what_a_home_is_worth_and_who_gets_a_loan_is_not_said(sentence, never):
    assert forbidden(sentence) is never
