"""Each word of what is said belongs to its most telling reading, and to no other (A092, A047).

A name, an address of the net or a number given beside an answer is kept; a whole first message without
marks is taken apart; what has been used up, and a question, is no part of a reason, a name or a place.
"""

from __future__ import annotations

from typing import Any

import pytest

from agent import acts
from agent.understanding.clauses import clauses
from agent.understanding.passing import first_names
from agent.understanding.shorthand import written_out
from agent.understanding.understand import understand
from agent.understanding.view import View
from tests.conversation.test_precision import NOW, told, view
from tests.conversation.test_strangers import chat

MARKETS = ["Denver", "Aurora", "Lakewood", "Golden", "Littleton", "Arvada", "Boulder", "Westminster"]
BUYER, RENTER, SELLER = {"intent": "buyer"}, {"intent": "renter"}, {"intent": "seller"}


def seen_at(kind: str, slot: str, language: str = "en", **known: Any) -> View:
    proposed = {slot: "Tuesday at 2 PM"} if kind == "confirm" else None
    seen = view("lead", kind, [slot], "chat", proposed=proposed, **known)
    seen.state.language = language
    if "intent" in known:
        seen.state.done["intent"] = "saved"
    facts = {**seen.facts, "caller_id": None, "markets": MARKETS}
    return View(seen.flow, seen.state, seen.channel, facts, NOW, seen.choices)


def heard(slot: str, words: str, kind: str = "ask", language: str = "en", **known: Any) -> dict[str, Any]:
    events = understand(written_out(words), seen_at(kind, slot, language, **known))
    found = told(events) | ({"yes": True} if acts.Yes() in events else {})
    return {k: v.get("display", v.get("line", v)) if isinstance(v, dict) else v for k, v in found.items()}


BESIDE = [
    ("beds", BUYER, "4. name's Kurt Weller", {"beds": 4, "name": "Kurt Weller"}),
    ("beds", BUYER, "two and i'm gretchen voss btw", {"beds": 2, "name": "Gretchen Voss"}),
    ("beds", BUYER, "i said already, marcus tilley. do you know if theres an hoa", {"name": "Marcus Tilley"}),
    ("baths", BUYER, "2 baths, Fiona Rahl here", {"baths": 2, "name": "Fiona Rahl"}),
    ("price", BUYER, "about 520k, this is doug lindqvist", {"name": "Doug Lindqvist"}),
    (
        "timeline",
        BUYER,
        "by february. me again, my name is Hana Ito hana.ito@mail.example",
        {"timeline": "90_days", "name": "Hana Ito", "email": "hana.ito@mail.example"},
    ),
    ("represented", BUYER, "nope no agent im carla munro", {"represented": "no", "name": "Carla Munro"}),
    (
        "financing",
        BUYER | {"represented": "no"},
        "cash. Omar Farouk, 720-555-0163",
        {"financing": "cash", "name": "Omar Farouk", "phone": "+17205550163"},
    ),
    ("listed", SELLER, "no it isnt. gail norris", {"listed": False, "name": "Gail Norris"}),
    ("areas", BUYER, "Golden. Steve Pruitt ugh", {"areas": ["Golden"], "name": "Steve Pruitt"}),
    ("areas", BUYER, "arvada or golden im lena fisk", {"areas": ["Arvada", "Golden"], "name": "Lena Fisk"}),
    ("areas", RENTER, "boulder, this is kevin from upstairs", {"areas": ["Boulder"], "name": "Kevin"}),
    ("features", BUYER, "a big yard. Theresa Quill", {"features": "A big yard.", "name": "Theresa Quill"}),
    ("motivation", BUYER, "new job!! nadia brandt", {"motivation": "New job!", "name": "Nadia Brandt"}),
    ("motivation", SELLER, "we retired... Walt", {"motivation": "We retired.", "name": "Walt"}),
    (
        "condition",
        SELLER,
        "furnace is from 2019, Lisa Park lisap@mail.example 303 555 0170",
        {
            "condition": "Furnace is from 2019",
            "name": "Lisa Park",
            "email": "lisap@mail.example",
            "phone": "+13035550170",
        },
    ),
    ("lease_length", RENTER, "a year. i'm Otis Bell", {"lease_length": "A year.", "name": "Otis Bell"}),
    (
        "animals",
        RENTER,
        "one old cat, the name is Petra Lang",
        {"animals": "One old cat", "name": "Petra Lang"},
    ),
    ("appointment", BUYER, "thursday after 3, im alicia ford", {"name": "Alicia Ford"}),
    ("visit", SELLER, "Joel Rivas, my email is joel@rivas.example", {"name": "Joel Rivas", "visit": None}),
    ("phone", BUYER, "720 555 0188, marcus lee", {"phone": "+17205550188", "name": "Marcus Lee"}),
    ("consent_contact", BUYER, "sure. ellen marsh", {"consent_contact": True, "name": "Ellen Marsh"}),
    (
        "name",
        BUYER,
        "rick paulson rick.p@mail.example 3035550177",
        {"name": "Rick Paulson", "email": "rick.p@mail.example", "phone": "+13035550177"},
    ),
]


@pytest.mark.parametrize(("asked", "known", "words", "facts"), BESIDE)
def test_who_they_are_is_heard_beside_any_answer(
    asked: str, known: Any, words: str, facts: dict[str, Any]
) -> None:
    found = heard(asked, words, **known)
    assert {k: found.get(k) for k in facts} == facts


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        (
            "yes. name is Rick Tolan rick.tolan@mail.example",
            {"name": "Rick Tolan", "email": "rick.tolan@mail.example"},
        ),
        ("yep thats right. walt dorsey", {"name": "Walt Dorsey"}),
        ("Nina Brooks yes", {"name": "Nina Brooks"}),
        ("ok good, im priya by the way", {"name": "Priya"}),
        ("correct, Alan Price", {"name": "Alan Price"}),
        ("yes but my wife may come along", {"name": None}),
        ("yes thanks, Gloria", {"name": "Gloria"}),
        ("yes max.stone@mail.example", {"email": "max.stone@mail.example"}),
        ("sounds good my number is 303 555 0119", {"phone": "+13035550119"}),
        ("yes. Carol Whitman. does he give the number there", {"name": "Carol Whitman"}),
    ],
)
def test_who_they_are_is_heard_beside_a_yes(words: str, facts: dict[str, Any]) -> None:
    found = heard("appointment", words, "confirm", **BUYER)
    assert {k: found.get(k) for k in facts} == facts
    assert found.get("yes") and "appointment" not in found


def test_who_they_are_alone_agrees_to_nothing() -> None:
    found = heard("appointment", "Jorge Salas, my e-mail is jorge@salas.example", "confirm", **BUYER)
    assert found == {"name": "Jorge Salas", "email": "jorge@salas.example"}


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("dan kowalski. i hate bots.", "Dan Kowalski"),
        ("jen albright re/max alliance", "Jen Albright"),
        ("Dave Kim ugh", "Dave Kim"),
        ("i gave it to you. Ben Achterberg", "Ben Achterberg"),
        ("omg AGAIN? Tina Lopez", "Tina Lopez"),
        ("its sam ortega, can i get the price now", "Sam Ortega"),
        ("peggy osei and i need an answer on the fee", "Peggy Osei"),
    ],
)
def test_a_name_holds_nothing_but_the_name(words: str, name: str) -> None:
    assert heard("name", words, **BUYER).get("name") == name


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("name", "tuesday afternoon"),
        ("name", "tomorrow morning or friday"),
        ("beds", "this is Denver Water, we need the meter reading"),
        ("beds", "this is great, three"),
        ("beds", "im retired so two is enough"),
        ("motivation", "im moving closer to work"),
        ("motivation", "it's Big Sur on fire every year"),
        ("areas", "Cherry Creek or Park Hill"),
        ("features", "Granite Counters, Big Yard"),
        ("timeline", "im not sure, next summer"),
        ("represented", "Thank You, no"),
        ("condition", "New Roof, Solar Panels"),
        ("intent", "im looking for a condo in Golden"),
        ("intent", "hi is the Maple Street place still open"),
    ],
)
def test_what_is_no_name_is_none(asked: str, words: str) -> None:
    known = {} if asked == "intent" else BUYER
    assert "name" not in heard(asked, words, **known)


@pytest.mark.parametrize(
    ("asked", "known", "words", "value"),
    [
        ("motivation", BUYER, "job in boulder. can u tell me about the ivy court one", "Job in boulder."),
        ("motivation", BUYER, "new job can you answer the ivy court thing", "New job"),
        ("motivation", SELLER, "omg divorce. just have somebody call me", "Divorce."),
        ("motivation", SELLER, "downsizing, kent.brody@mail.example", "Downsizing"),
        ("motivation", BUYER, "is there a pool", None),
        ("condition", SELLER, "roof is old, 1962. have the manager call me", "Roof is old, 1962."),
        ("condition", SELLER, "nothing new. stop asking me stuff", "Nothing new."),
        ("condition", SELLER, "new windows and do you charge for the photos", "New windows"),
        ("features", BUYER, "no. va preapproved; 610k; by april", "none"),
        ("features", BUYER, "garage, how much is the hoa", "Garage"),
        ("lease_length", RENTER, "12 months. my phone is this same one", "12 months."),
        ("lease_length", RENTER, "six months whats the deposit", "Six months"),
        (
            "target_return",
            {"intent": "investor"},
            "7 percent. can i see the rent roll? Ike Dunn, LLC buyer",
            "7 percent.",
        ),
        ("appointment", BUYER, "just email me the list, im jess moran jess@moran.example", None),
        ("visit", RENTER, "Nina Brooks", None),
        ("animals", RENTER, "a beagle and is there a fenced yard", "A beagle"),
    ],
)
def test_words_of_ones_own_hold_nothing_that_is_something_else(
    asked: str, known: Any, words: str, value: str | None
) -> None:
    assert heard(asked, words, **known).get(asked) == value


@pytest.mark.parametrize(
    ("asked", "known", "words", "areas"),
    [
        ("areas", RENTER, "aurora, lakewood, 2000 max", ["Aurora", "Lakewood"]),
        ("areas", BUYER, "golden, 3 beds, 550k", ["Golden"]),
        ("areas", BUYER, "arvada actually sorry", ["Arvada"]),
        ("areas", BUYER, "littleton btw whats the hoa on cherry lane", ["Littleton"]),
        ("areas", BUYER, "westminster please, and can someone call me", ["Westminster"]),
        ("areas", BUYER, "Wheat Ridge or golden by march", ["Wheat Ridge", "Golden"]),
    ],
)
def test_places_are_only_places(asked: str, known: Any, words: str, areas: list[str]) -> None:
    assert heard(asked, words, **known).get("areas") == areas


FIRST = [
    (
        "hey looking to buy, 4 bed in arvada or westminster, around 610k, "
        "need to be in by april when our lease ends",
        {
            "intent": "buyer",
            "beds": 4,
            "areas": ["Arvada", "Westminster"],
            "price": {"min": None, "max": 610000},
        },
    ),
    (
        "were relocating from austin to denver in march for my job want 3 "
        "beds 2 baths budget like 550-600 im Kurt btw",
        {
            "beds": 3,
            "baths": 2,
            "areas": ["Denver"],
            "price": {"min": 550000, "max": 600000},
            "name": "Kurt",
            "timeline": "6_months",
        },
    ),
    (
        "hi im dana whitlock we want to buy something in golden or lakewood "
        "budget is 525k max in by august 3 bedrooms",
        {
            "intent": "buyer",
            "name": "Dana Whitlock",
            "areas": ["Golden", "Lakewood"],
            "beds": 3,
            "price": {"min": None, "max": 525000},
            "timeline": "12_months",
        },
    ),
    (
        "want to rent a 1 bed in boulder 1600 a month march 1 no pets this is kim lopez",
        {
            "intent": "renter",
            "beds": 1,
            "areas": ["Boulder"],
            "rent": {"min": None, "max": 1600},
            "name": "Kim Lopez",
            "timeline": "90_days",
        },
    ),
    (
        "need a 2 bedroom apartment to rent in aurora, 1850 max, by feb 15, "
        "one dog, Tonya Wells 720 555 0131",
        {
            "intent": "renter",
            "beds": 2,
            "areas": ["Aurora"],
            "rent": {"min": None, "max": 1850},
            "name": "Tonya Wells",
            "phone": "+17205550131",
            "timeline": "90_days",
        },
    ),
    (
        "getting divorced and have to sell our house at 22 oak street "
        "littleton by june, my name is carla jensen",
        {"intent": "seller", "name": "Carla Jensen", "timeline": "6_months"},
    ),
    (
        "want to sell my condo, moving to texas in january for work. reach me "
        "at ike.dunn@mail.example, Ike Dunn",
        {"intent": "seller", "name": "Ike Dunn", "email": "ike.dunn@mail.example", "timeline": "90_days"},
    ),
    (
        "buying our first home in littleton, 480k tops, 3 bed 2 bath, not preapproved yet, hoping for spring",
        {
            "intent": "buyer",
            "areas": ["Littleton"],
            "beds": 3,
            "baths": 2,
            "price": {"min": None, "max": 480000},
            "financing": "not_yet",
        },
    ),
    (
        "looking to buy a townhome in denver under 450k also do you charge "
        "buyers anything, name is omar haddad",
        {
            "intent": "buyer",
            "areas": ["Denver"],
            "price": {"min": None, "max": 450000},
            "name": "Omar Haddad",
        },
    ),
]


@pytest.mark.parametrize(("words", "facts"), FIRST)
def test_a_first_message_without_marks_is_taken_apart(words: str, facts: dict[str, Any]) -> None:
    found = heard("intent", words)
    assert {k: found.get(k) for k in facts} == facts


@pytest.mark.parametrize(
    ("asked", "known", "words", "facts"),
    [
        ("features", BUYER, "i told you already. tom burke", {"name": "Tom Burke", "features": None}),
        ("price", BUYER, "tom burke. around 450", {"name": "Tom Burke"}),
        ("beds", BUYER, "three. im Kevin Osei", {"name": None, "beds": 3}),
    ],
)
def test_a_last_name_joins_the_first_and_another_person_does_not(
    asked: str, known: Any, words: str, facts: dict[str, Any]
) -> None:
    tom = {"first": "Tom", "last": "", "display": "Tom", "spelled": False}
    found = heard(asked, words, **known, name=tom)
    assert {k: found.get(k) for k in facts} == facts


@pytest.mark.parametrize(
    ("asked", "words", "line"),
    [
        (
            "property_address",
            "its 4410 s bannock st, englewood actually sorry",
            "4410 S Bannock St, Englewood",
        ),
        ("property_address", "77 Old Mill Rd Boulder im ken", "77 Old Mill Rd, Boulder"),
        ("property_address", "18 maple st unit 4 denver co", "18 Maple St, Unit 4, Denver, CO"),
        ("property_address", "930 nile st aurora. Sam Ortega 720 555 0101", "930 Nile St, Aurora"),
        ("intent", "do u take section 8 vouchers for maple street", None),
        ("intent", "we need 3 beds and a garage near cherry street", None),
        ("intent", "2 people in a unit on Elm Court ok?", None),
    ],
)
def test_an_address_holds_nothing_but_the_address(asked: str, words: str, line: str | None) -> None:
    known = {} if asked == "intent" else SELLER
    assert heard(asked, words, **known).get("property_address") == line


def test_what_a_showing_is_asked_for_is_its_time() -> None:
    words = "It says active on my mls, can they see it tue at 4 or no? derek.v@cb.example 720-555-0144"
    found = heard("showing_time", words, intent="agent")
    assert "uesday at 4" in found["showing_time"] and "mls" not in found["showing_time"]
    assert found["email"] == "derek.v@cb.example" and found["phone"] == "+17205550144"


@pytest.mark.parametrize("words", ["no that's it", "nope nothing else", "no thats all", "nah im good"])
def test_nothing_more_is_an_answer(words: str) -> None:
    assert heard("features", words, **BUYER).get("features") == "none"


@pytest.mark.parametrize(
    ("words", "slot"),
    [
        ("want to buy in golden, moving for work", "motivation"),
        ("we have to sell, getting a divorce", "motivation"),
        ("looking to buy in arvada because we outgrew our condo", "motivation"),
        ("selling my mom's house in littleton, she passed and we inherited it", "motivation"),
        ("buying, retiring next year and want one floor", "motivation"),
        ("want to rent in aurora, my lease is up in march", "timeline"),
        ("looking to buy in golden and need to be out of our place by feb", "timeline"),
    ],
)
def test_what_was_said_at_first_is_not_asked_again(words: str, slot: str) -> None:
    assert heard("intent", words).get(slot)


@pytest.mark.parametrize(
    ("asked", "known", "words", "facts"),
    [
        (
            "lease_length",
            RENTER,
            "un año. me llamo Lucía Ramírez",
            {"lease_length": "un año", "name": "Lucía Ramírez"},
        ),
        ("lease_length", RENTER, "12 meses. mi teléfono es el mismo", {"lease_length": "12 meses"}),
        ("beds", BUYER, "tres, soy Marisol Vega", {"beds": 3, "name": "Marisol Vega"}),
        (
            "beds",
            BUYER,
            "dos. Jorge Salas, mi correo es jorge@salas.example",
            {"beds": 2, "name": "Jorge Salas", "email": "jorge@salas.example"},
        ),
        (
            "motivation",
            BUYER,
            "trabajo nuevo. ¿cuánto cuesta la de Ivy Court?",
            {"motivation": "trabajo nuevo"},
        ),
        (
            "timeline",
            BUYER,
            "en marzo. me llamo rosa delgado",
            {"name": "Rosa Delgado", "timeline": "6_months"},
        ),
        ("areas", RENTER, "en aurora, mi nombre es Tomás Ibarra", {"name": "Tomás Ibarra"}),
    ],
)
def test_in_spanish_too(asked: str, known: Any, words: str, facts: dict[str, Any]) -> None:
    found = heard(asked, words, language="es", **known)
    assert {k: found.get(k) for k in facts} == facts


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("around 450k and im Tom btw whats the hoa", "whats the hoa"),
        ("i like it can i see it on friday", "can i see it on friday"),
        ("three beds also do you have a list", "do you have a list"),
        ("new roof how much do you charge", "how much do you charge"),
        ("it does not matter what it is", ""),
        ("when my lease ends in january", ""),
        ("i know what the price is", ""),
        ("the kitchen is the best there is", ""),
    ],
)
def test_a_question_opens_in_the_middle(words: str, asked: str) -> None:
    assert " ".join(c.text for c in clauses(words, first_names()) if c.asks) == asked


async def test_a_name_beside_a_chosen_time_is_not_asked_for(parts, homes) -> None:
    talk = await chat(parts, homes, "can I see 12 Cherry Lane", "tomorrow at 9 then. im Alicia Ford")
    assert talk.value("name")["display"] == "Alicia Ford"
    for said in ("yes", "no agent", "720 555 0133", "yes", "yes"):
        await talk.say(said)
    assert talk.asked.get("name") is None and talk.reply.ended


async def test_a_name_and_an_address_beside_a_yes_are_kept(parts, homes) -> None:
    talk = await chat(
        parts, homes, "can I see 12 Cherry Lane on wednesday at 2", "yes",
        "yes. name is Rick Tolan rick.tolan@mail.example",
    )  # fmt: skip
    assert talk.value("name")["display"] == "Rick Tolan" and talk.value("appointment")
    assert talk.conversation.state.best()["email"] == "rick.tolan@mail.example"


async def test_who_wants_a_call_is_known_with_it(parts, homes) -> None:
    talk = await chat(
        parts, homes, "want to buy in Denver", "have someone call me. Tasha Greene 720 555 0199"
    )
    assert talk.value("name")["display"] == "Tasha Greene"
    assert talk.conversation.state.best()["phone"] == "+17205550199"


async def test_nothing_of_a_first_message_is_asked_again(parts, homes) -> None:
    talk = await chat(
        parts, homes, "hi were moving for work, need 3 beds 2 baths in denver or boulder "
        "around 450k by march im Tom btw",
    )  # fmt: skip
    for said in ("a garage", "not preapproved, no agent", "no", "no", "burke", "720 555 0144", "yes", "yes"):
        await talk.say(said)
    again = {"areas", "beds", "baths", "price", "timeline", "motivation"} & set(talk.asked)
    assert not again and talk.value("areas") == ["Denver", "Boulder"]
    assert talk.value("name")["first"] == "Tom" and talk.value("features") == "A garage"
