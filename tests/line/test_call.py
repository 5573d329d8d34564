"""A whole call over a real socket: opening, turns, keys, barge-in, silence, goodbye."""

from __future__ import annotations

import asyncio

from agent.limits import Limits
from tests.line.conftest import Exchange
from tests.line.doubles import NOTICE, QUESTION, Answer, Ran, Say, Script, says


async def test_opening_a_turn_and_a_reply(exchange: Exchange) -> None:
    handset, script = await exchange.call()
    await handset.until_quiet()
    assert exchange.mouth(handset).spoke == [NOTICE, QUESTION]

    exchange.says(handset, "this is dana")
    handset.first_sound = None
    await handset.until_sound()
    assert script.log == ["open", "hear this is dana"]
    assert exchange.mouth(handset).spoke[-1] == "You said this is dana."


async def test_a_turn_is_stamped_and_its_parts_add_up(exchange: Exchange) -> None:
    script = Script(says("Saved.", tools=(Ran("save", ms=40.0),)), work=0.1)
    handset, _ = await exchange.call(script)
    await handset.until_quiet()
    exchange.says(handset, "save it")
    await exchange.until(lambda: len(exchange.turns) == 2)
    opening, turn = exchange.turns
    assert (opening.kind, opening.said) == ("open", (NOTICE, QUESTION))
    assert (turn.kind, turn.heard, turn.said) == ("hear", "save it", ("Saved.",))
    split = turn.latency
    assert split.tool_ms == 40.0
    assert 50 <= split.brain_ms <= 250  # 100 ms of work, 40 of them the tool's
    assert split.endpointing_ms >= 95  # the pause that was waited for
    parts = split.endpointing_ms + split.stt_ms + split.brain_ms + split.tool_ms + split.tts_ms
    parts += split.transport_ms
    assert abs(parts - split.total_ms) < 1.0
    await exchange.until(lambda: len(script.timings) == 2)
    assert script.timings[1] == split.as_dict()


async def test_the_notice_cannot_be_talked_over(exchange: Exchange) -> None:
    notice = Say("This call is recorded and you are talking to a machine." * 2, interruptible=False)
    handset, script = await exchange.call(Script(opening=Answer((notice, Say(QUESTION)))))
    exchange.says(handset, "hello hello", seconds=0.5)
    await handset.until_mark("notice")
    assert handset.clears == 0
    assert handset.seconds_heard >= len(notice.text) * 0.012 * 0.95
    assert script.log == ["open"], "what is said into the notice is not heard"


async def test_a_key_pressed_into_the_notice_is_heard_after_it(exchange: Exchange) -> None:
    notice = Say("This call is recorded and you are talking to a machine." * 2, interruptible=False)
    handset, script = await exchange.call(Script(opening=Answer((notice, Say(QUESTION)))))
    await handset.press("7#")
    await exchange.until(lambda: "hear DTMF: 7#" in script.log)
    await handset.until_mark("notice")
    assert handset.clears == 0
    assert handset.seconds_heard >= len(notice.text) * 0.012 * 0.95
    await exchange.until(lambda: exchange.mouth(handset).spoke[-1] == "You said DTMF: 7#.")


async def test_barge_in_stops_the_agent_and_is_heard(exchange: Exchange) -> None:
    script = Script(opening=says("A very long welcome that goes on and on. " * 6))
    handset, _ = await exchange.call(script)
    await asyncio.sleep(0.3)
    exchange.says(handset, "stop please")
    await exchange.until(lambda: "hear stop please" in script.log and handset.clears == 1)
    await handset.until_quiet()
    assert handset.seconds_heard < 2.5, "the welcome was cut"


async def test_a_write_is_not_cancelled_by_barge_in_and_its_words_are_not_lost(exchange: Exchange) -> None:
    script = Script(says("Your reference is 4711.", "Which plan?"), says("Noted.", "And the next?"), work=0.6)
    handset, _ = await exchange.call(script)
    await handset.until_quiet()
    exchange.says(handset, "register me")
    await exchange.until(lambda: "hear register me" in script.log)
    exchange.says(handset, "oh and hurry", seconds=0.3)
    await exchange.until(lambda: exchange.mouth(handset).spoke[-1] == "And the next?")
    assert script.finished_hearing == 2
    spoke = exchange.mouth(handset).spoke
    assert spoke[-3:] == ["Your reference is 4711.", "Noted.", "And the next?"]
    assert "Which plan?" not in spoke[2:], "the stale question is not asked beside the next one"


async def test_a_noise_while_working_loses_nothing(exchange: Exchange) -> None:
    script = Script(says("Your reference is 4711.", "Which plan?"), work=0.6)
    handset, _ = await exchange.call(script)
    await handset.until_quiet()
    exchange.says(handset, "register me")
    await exchange.until(lambda: "hear register me" in script.log)
    handset.say(0.2)  # a cough: no words come of it
    await exchange.until(lambda: exchange.mouth(handset).spoke[-1] == "Which plan?")
    assert script.finished_hearing == 1
    assert exchange.mouth(handset).spoke[-2] == "Your reference is 4711."


async def test_a_noise_that_cuts_the_agent_off_makes_it_go_on(exchange: Exchange) -> None:
    long = "Please listen to this long explanation of everything. " * 3
    handset, script = await exchange.call(Script(opening=says("First.", long)))
    await exchange.until(lambda: handset.seconds_heard > 0.6)
    handset.say(0.8)
    await exchange.until(lambda: exchange.mouth(handset).spoke == ["First.", long, long])
    assert script.log == ["open"]


async def test_keys_arrive_as_words(exchange: Exchange) -> None:
    handset, script = await exchange.call(
        Script(says("Yes or no?", patience="short"), says("Key in the number.", patience="spelled"))
    )
    await handset.until_quiet()
    await handset.press("12#")
    await exchange.until(lambda: "hear DTMF: 12#" in script.log)
    await handset.until_quiet()
    began = asyncio.get_running_loop().time()
    await handset.press("1")
    await exchange.until(lambda: "hear DTMF: 1" in script.log)
    assert asyncio.get_running_loop().time() - began < 0.5, "a yes/no key does not wait for more"
    await handset.until_quiet()
    await handset.press("3035550142")
    await asyncio.sleep(0.3)
    assert not any("3035" in line for line in script.log), "digits wait for # or a pause"
    await handset.press("#")
    await exchange.until(lambda: "hear DTMF: 3035550142#" in script.log)


async def test_a_key_stops_the_agent(exchange: Exchange) -> None:
    handset, script = await exchange.call(Script(opening=says("A long welcome that goes on and on. " * 6)))
    await handset.press("*")
    await exchange.until(lambda: "hear DTMF: *" in script.log and handset.clears == 1)


async def test_a_silent_caller_is_asked_again_and_let_go(exchange: Exchange) -> None:
    exchange.idle = 0.3
    script = Script(says("Are you there?"), says("I will hang up now. Goodbye.", ended=True))
    handset, _ = await exchange.call(script)
    await exchange.until(handset.closed.is_set, 10)
    assert script.log[:3] == ["open", "silence", "silence"]
    assert exchange.book.rows[handset.sid].ended == "done"


async def test_goodbye_is_played_out_and_ends_the_call(exchange: Exchange) -> None:
    goodbye = "Thank you very much. Goodbye."
    handset, script = await exchange.call(Script(says(goodbye, ended=True)))
    await handset.until_quiet()
    before = handset.seconds_heard
    exchange.says(handset, "that is all")
    await exchange.until(handset.closed.is_set, 8)
    assert handset.seconds_heard - before >= len(goodbye) * 0.012 * 0.95
    assert handset.marks[-1] == "end"
    assert exchange.book.rows[handset.sid].ended == "done"
    assert (await handset.ask_next()).verbs == ["Hangup"]
    await exchange.until(lambda: script.closed == "done")


async def test_a_caller_who_speaks_up_at_goodbye_is_not_cut_off(exchange: Exchange) -> None:
    script = Script(
        says("That is everything. Goodbye, and thank you.", ended=True), says("Of course, go on.")
    )
    handset, _ = await exchange.call(script)
    await handset.until_quiet()
    exchange.says(handset, "done")
    await exchange.until(lambda: "hear done" in script.log)
    await asyncio.sleep(0.15)
    exchange.says(handset, "wait one more thing")
    await exchange.until(lambda: "hear wait one more thing" in script.log)
    await handset.until_quiet()
    await asyncio.sleep(0.5)
    assert not handset.closed.is_set()
    assert exchange.mouth(handset).spoke[-1] == "Of course, go on."


async def test_hanging_up_closes_the_conversation(exchange: Exchange) -> None:
    handset, script = await exchange.call()
    await handset.hang_up()
    await exchange.until(lambda: script.closed is not None)
    assert script.closed == "caller hung up"
    assert exchange.book.rows[handset.sid].ended == "hung_up"


async def test_a_failing_conversation_is_apologised_for(exchange: Exchange) -> None:
    handset, script = await exchange.call(Script(RuntimeError("secret words of the caller")))
    await handset.until_quiet()
    exchange.says(handset, "anything")
    await exchange.until(lambda: "hear anything" in script.log)
    await exchange.until(lambda: "once more" in exchange.mouth(handset).spoke[-1])
    exchange.says(handset, "again")
    await exchange.until(lambda: exchange.mouth(handset).spoke[-1] == "You said again.")


async def test_work_that_takes_long_is_not_silent(exchange: Exchange) -> None:
    handset, _ = await exchange.call(Script(work=1.6))
    await handset.until_quiet()
    exchange.says(handset, "something slow")
    await exchange.until(lambda: exchange.mouth(handset).spoke[-1] == "One moment.")
    await exchange.until(lambda: exchange.mouth(handset).spoke[-1] == "You said something slow.")


async def test_a_call_has_a_cap_with_a_warning(exchange: Exchange) -> None:
    exchange.limits = Limits(call=1.6, warn=0.8)
    handset, script = await exchange.call()
    await exchange.until(handset.closed.is_set, 12)
    spoke = exchange.mouth(handset).spoke
    assert any("about a minute" in text for text in spoke)
    assert any("time on this call is up" in text for text in spoke)
    assert exchange.book.rows[handset.sid].ended == "capped"
    await exchange.until(lambda: script.closed == "time limit")


async def test_a_transfer_is_handed_to_the_carrier(exchange: Exchange) -> None:
    script = Script(says("I'm putting you through.", transfer_to="+13035550177"))
    handset, _ = await exchange.call(script)
    await handset.until_quiet()
    exchange.says(handset, "a human please")
    await exchange.until(handset.closed.is_set, 8)
    document = await handset.ask_next()
    assert (document.verbs, document.dialled) == (["Dial"], "+13035550177")
    assert document.whisper.endswith(f"/twilio/whisper?call={handset.sid}")
    assert script.closed is None, "the conversation may be needed again"
    back = await handset.ask_next(DialCallStatus="no-answer")
    assert back.verbs == ["Connect", "Redirect"], "nobody answered: the conversation goes on"
    await handset.pick_up(back)
    await handset.until_sound()
    assert script.opens == 2
    assert (await handset.ask_next(DialCallStatus="completed")).verbs == ["Hangup"]


async def test_two_calls_know_nothing_of_each_other(exchange: Exchange) -> None:
    (one, first), (two, second) = await asyncio.gather(exchange.call(), exchange.call())
    await asyncio.gather(one.until_quiet(), two.until_quiet())
    exchange.says(one, "I am one")
    exchange.says(two, "I am two")
    await exchange.until(lambda: len(first.log) == 2 and len(second.log) == 2)
    assert first.log == ["open", "hear I am one"]
    assert second.log == ["open", "hear I am two"]
    await one.hang_up()
    await exchange.until(lambda: first.closed is not None)
    exchange.says(two, "still here")
    await exchange.until(lambda: "hear still here" in second.log)


async def test_patience_and_confidence_go_where_they_belong(exchange: Exchange) -> None:
    handset, script = await exchange.call(Script(says("Spell it.", patience="spelled")))
    await handset.until_quiet()
    exchange.says(handset, "my name")
    await exchange.until(lambda: exchange.sessions[0].patience == "spelled")
    assert exchange.speech[handset.sid].turns.control.patience == "spelled"
    assert script.confidences == [0.9]


async def test_news_from_elsewhere_is_said_between_turns(exchange: Exchange) -> None:
    handset, script = await exchange.call(Script(says("You clicked the link.")))
    await handset.until_quiet()
    reply = await exchange.sessions[0].in_turn(lambda: script.hear("the link was clicked"))
    assert exchange.sessions[0].conversation is script
    await exchange.until(lambda: exchange.mouth(handset).spoke[-1] == "You clicked the link.")
    assert reply.says[0].text == "You clicked the link."
    await exchange.until(lambda: exchange.turns[-1].kind == "news")


async def test_the_caller_is_reminded_whom_it_talks_to(exchange: Exchange) -> None:
    exchange.limits = Limits(remind=0.8)
    exchange.make_extra["reminder"] = lambda call: lambda: Say("Just a reminder, I'm an AI assistant.")
    handset, _ = await exchange.call()
    await handset.until_quiet()
    await asyncio.sleep(0.8)
    exchange.says(handset, "hello")
    await exchange.until(lambda: exchange.mouth(handset).spoke[-1] == "You said hello.")
    assert exchange.mouth(handset).spoke[-2] == "Just a reminder, I'm an AI assistant."
