"""A021-A023, C41: one set-up over several lines, and who may open it."""

import pytest

from agent.conversation import Conversation
from core.errors import Conflict
from core.ids import HOUSE_TENANT
from stores import conversations as store

from .talk import Talk

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


async def begun(parts, **options):
    """A set-up that stands at the second step, hung up; its code."""
    talk = await Talk.begin(parts, **options)
    await talk.until(step="voice_agent")
    code = talk.conversation.facts.values["resume_code"]
    await talk.conversation.close("hung up")
    return talk, code


async def test_begun_by_phone_continued_in_chat_finished_by_phone(parts):
    first, code = await begun(parts)
    chat = await Talk.begin(parts, channel="chat", caller=None)
    said = await chat.say(f"I'd like to continue my set-up, my code is {code}")
    assert "Welcome back" in said.text and chat.waits_for == "voice_profile"
    assert said.text.count("?") == 1 and "name of your brokerage" not in said.text
    assert chat.conversation.id == first.conversation.id
    await chat.until("number_mode")
    await chat.say("bye")
    await chat.conversation.close("caller_done")
    last = await Talk.begin(parts, caller="+13035550199")
    said = await last.say("I want to resume my set-up")
    assert said.text.endswith("You can say it or key it in.")
    spoken = " ".join(DIGITS[int(d)] for d in chat.conversation.facts.values["resume_code"])
    await last.say(f"it's {spoken}")
    assert last.waits_for == "number_mode"
    await last.until()
    assert last.ran[-2] == ("activate_agent", "live")
    again = {"organization_name", "voice_profile", "number_mode"}
    assert set(chat.asked) & set(first.asked) <= again, "the opening's question, and the one left open"
    assert set(last.asked) & (set(first.asked) | set(chat.asked)) <= again
    async with parts.db.tenant(HOUSE_TENANT) as session:
        turns = await store.turns(session, first.conversation.id)
    assert {t.channel for t in turns} == {"voice", "chat"}


async def test_a_wrong_code_thrice_opens_nothing_even_with_the_right_one(parts):
    _, code = await begun(parts)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    talk = await Talk.begin(parts, caller="+13035550199")
    said = await talk.say(f"resume my set-up, code is {wrong}")
    assert "doesn't open anything" in said.text
    await talk.say(wrong)
    said = await talk.say(f"DTMF: {wrong}#")
    assert "still not it" in said.text and talk.waits_for == "organization_name"
    said = await talk.say(f"resume my set-up, the code is {code}")
    assert "Welcome back" not in said.text and talk.reply.step == "account"
    again = await Talk.begin(parts, caller="+13035550199", conversation_id=talk.conversation.id, owner=None)
    assert again.conversation._tries == 3
    assert "Summit" not in "".join(talk.heard)


async def test_without_a_code_one_begins_afresh(parts):
    await begun(parts)
    talk = await Talk.begin(parts)
    await talk.say("resume")
    said = await talk.say("I don't have it any more")
    assert "brokerage" in said.text and talk.waits_for == "organization_name"
    assert talk.conversation.state.peek("organization_name").fails == 0
    await talk.say("Granite Homes")
    assert talk.waits_for == "organization_name" and "Granite Homes" in talk.reply.text


async def test_a_code_while_another_line_drives_it_is_refused(parts, clock):
    driving = await Talk.begin(parts)
    await driving.until(step="voice_agent")
    code = driving.conversation.facts.values["resume_code"]
    other = await Talk.begin(parts, caller="+13035550199")
    said = await other.say(f"resume my set-up, my code is {code}")
    assert "open on another line" in said.text and other.conversation.id != driving.conversation.id
    with pytest.raises(Conflict) as refused:
        await Conversation.start(
            parts, tenant_id=HOUSE_TENANT, channel="chat", conversation_id=driving.conversation.id
        )
    assert refused.value.code == "in_use"
    await driving.say("friendly")
    assert driving.value("voice_profile") == "friendly_conversational", "nothing is lost"
    # a process that died is succeeded, and its ghost touches nothing any more
    clock.advance(seconds=61)
    await other.say(f"resume my set-up, my code is {code}")
    assert other.conversation.id == driving.conversation.id
    await other.until("after_hours_mode")
    ghost = await driving.say("no, make it authoritative")
    assert ghost.ended and "another line" in ghost.text
    await driving.conversation.close("hung up")
    await other.say("answer fully")
    assert other.value("voice_profile") == "friendly_conversational"
    async with parts.db.tenant(HOUSE_TENANT) as session:
        assert (await store.load(session, other.conversation.id)).status == "open"


async def test_a_form_that_has_changed_since_is_taken_up_where_it_still_holds(parts):
    talk, _ = await begun(parts)
    async with parts.db.tenant(HOUSE_TENANT) as session:
        row = await store.load(session, talk.conversation.id)
        state = dict(row.state)
        state["slots"] = dict(state["slots"], fax={"status": "confirmed", "value": "none"})
        state["awaiting"] = {"kind": "ask", "slots": ["fax"]}
        state["done"] = dict(state["done"], faxing="sent")
        state["mood"] = "sunny"
        row.state, row.version = state, row.version + 1
    again = await Talk.begin(parts, channel="chat", conversation_id=talk.conversation.id)
    assert again.waits_for == "voice_profile" and again.value("organization_name") == "Summit Realty"
