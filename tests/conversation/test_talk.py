"""What a caller may say in the middle of anything (A044, A047, C06, C10, C12)."""

from core.ids import HOUSE_TENANT
from stores import support, tenancy

from .talk import Talk


async def test_several_facts_in_one_sentence_are_all_taken(parts):
    talk = await Talk.begin(parts)
    await talk.say(
        "Our brokerage is called Summit Realty, we work in Colorado and Utah, and we're a team of five"
    )
    await talk.until("admin_name")
    assert talk.value("states_served") == ["CO", "UT"] and talk.value("team_size") == 5
    assert not {"states_served", "team_size"} & set(talk.asked)


async def test_a_correction_changes_one_character(parts):
    talk = await Talk.begin(parts)
    await talk.until("admin_email")
    await talk.say("d a m a at summit dot example")
    said = await talk.say("no, it's N as in Nancy")
    assert "summit" in said.text
    await talk.say("yes")
    assert talk.value("admin_email") == "dana@summit.example"


async def test_yes_but_is_a_correction(parts):
    talk = await Talk.begin(parts)
    await talk.until("admin_name")
    await talk.say("Dana Reed")
    said = await talk.say("yes, but my last name is Miller")
    assert "Miller" in said.text and talk.value("admin_name") is None


async def test_a_plan_is_changed_before_and_after_it_was_saved(parts):
    talk = await Talk.begin(parts)
    await talk.until("terms_accepted")
    await talk.say("change the plan")
    assert talk.waits_for == "plan"
    await talk.say("business")
    await talk.say("yes")
    assert talk.value("plan") == "business" and talk.waits_for == "terms_accepted"
    await talk.until(step="voice_agent")
    await talk.say("wait, change the plan to enterprise")
    await talk.until("voice_profile")
    async with parts.db.tenant(talk.conversation._subject) as session:
        assert (await tenancy.get_tenant(session)).plan == "enterprise"
    assert talk.asked["organization_name"] == 1


async def test_going_back_and_taking_back(parts):
    talk = await Talk.begin(parts)
    await talk.until("team_size")
    await talk.say("five")
    await talk.say("go back")
    assert talk.waits_for == "team_size"
    await talk.say("six")
    assert talk.value("team_size") == 6
    await talk.until(step="voice_agent")
    said = await talk.say("undo that")
    assert talk.reply.tools[0].name == "undo"
    assert talk.ran[-1][1] in ("undone", "not_undoable", "overtaken") or said.text
    await talk.until(step="integrations")
    said = await talk.say("undo that")
    assert "taken that back" in said.text and said.awaiting["kind"] == "which"
    await talk.say("the voice")
    await talk.say("authoritative")
    await talk.until(step="integrations")
    async with parts.db.tenant(talk.conversation._subject) as session:
        assert (await tenancy.get_profile(session)).voice_profile == "authoritative_expert"


async def test_help_status_repeat_and_small_talk_cost_nothing(parts):
    talk = await Talk.begin(parts)
    await talk.until("team_size")
    for words, answer in [
        ("what do you mean?", "Count everyone"),
        ("repeat that", "How many agents"),
        ("hello?", "How many agents"),
        ("where are we?", "Account"),
        ("are you a robot?", "AI"),
        ("hold on, my wife is calling", ""),
    ]:
        said = await talk.say(words)
        assert answer in said.text, (words, said.text)
        assert talk.waits_for == "team_size" or words.startswith("hold")
    assert talk.conversation.state.peek("team_size").fails == 0
    await talk.say("seven")
    assert talk.value("team_size") == 7


async def test_a_person_is_promised_with_a_ticket_and_the_form_goes_on(parts):
    talk = await Talk.begin(parts)
    await talk.until("team_size")
    said = await talk.say("can I talk to a human?")
    async with parts.db.tenant(HOUSE_TENANT) as session:
        tickets, calls = await support.list_tickets(session), await support.list_callbacks(session)
    assert [str(t.number) in said.text for t in tickets] == [True]
    assert [c.phone for c in calls] == ["+13035550142"] and calls[0].window_end == tickets[0].due_at
    assert not said.ended and talk.waits_for == "team_size"
    said = await talk.say("I want a person")
    assert "already" in said.text
    async with parts.db.tenant(HOUSE_TENANT) as session:
        assert len(await support.list_tickets(session)) == 1


async def test_two_links_in_one_chat_are_two_links(parts, db):
    """Each message is another process: what it does is not taken for what an earlier one did."""
    talk = await Talk.begin(parts, channel="chat")
    await talk.until("team_size")
    for _ in range(2):
        await talk.conversation.let_go()
        talk = await Talk.begin(parts, channel="chat", conversation_id=talk.conversation.id)
        said = await talk.say("send me a link")
        assert [run.status for run in said.tools] == ["sent"], said.tools
    receipts = {run.receipt_id for run in said.tools}
    assert None not in receipts


async def test_what_every_broker_asks_is_answered_and_costs_nothing(parts):
    talk = await Talk.begin(parts)
    await talk.until("states_served")
    for words, answer in [
        ("what does this cost?", "billing link"),
        ("can I do this in Spanish?", "English for now"),
    ]:
        said = await talk.say(words)
        assert answer in said.text and talk.waits_for == "states_served"
    assert talk.conversation.state.peek("states_served").fails == 0
    chat = await Talk.begin(parts, channel="chat")
    assert "This chat is saved" in (await chat.say("am I being recorded?")).text
