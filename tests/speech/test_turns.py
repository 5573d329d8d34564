"""Who speaks when. Times are a tenth of life's (see ``line``)."""

from __future__ import annotations

import asyncio
import time

import pytest
from pipecat.frames.frames import TranscriptionFrame

from agent.frames import PatienceFrame, VocabularyFrame
from agent.speech.judge import REST, TurnJudge
from agent.speech.listening import backchannel, hangs, plain_answer, spelling, whole
from agent.speech.stt import SPELLING
from agent.speech.turns import PACES, TurnControl
from tests.speech.line import FAST, call

SLACK = 0.045
"""Scheduling and the recogniser's 20 ms, in seconds of the fast timeline."""


def about(seconds: float):
    """Between the wait that was asked for and a little more."""

    class Range:
        def __eq__(self, got):
            return seconds / FAST - 0.005 <= got <= seconds / FAST + SLACK

        def __repr__(self):
            return f"{seconds / FAST:.3f}..{seconds / FAST + SLACK:.3f}"

    return Range()


# -- how long silence lasts ---------------------------------------------------------------------------


@pytest.mark.parametrize("patience", ["short", "open", "spelled"])
async def test_a_finished_sentence_ends_after_the_patience_of_its_question(patience):
    async with call(patience=patience) as line:
        said = "P R I Y A." if patience == "spelled" else "The professional plan."
        await line.say(said)
        assert await line.over() == (about(PACES[patience].sure), said)


@pytest.mark.parametrize("patience", ["short", "open", "spelled"])
async def test_an_unfinished_one_is_waited_for_longer_but_never_for_ever(patience):
    async with call(patience=patience) as line:
        line.judge.probability = 0.1
        said = "P R I" if patience == "spelled" else "The professional"
        await line.say(said)
        assert await line.over() == (about(PACES[patience].unsure), said)


async def test_a_wrong_complete_on_a_cut_sentence_is_overruled_by_the_words():
    async with call() as line:
        line.judge.probability = 0.99
        await line.say("My e-mail address is", pause=0.12)
        assert line.ended == []
        await line.say("priya at example dot com.")
        assert await line.over() == (
            about(PACES["open"].sure),
            "My e-mail address is priya at example dot com.",
        )
        assert len(line.began) == 1 and len(line.said) == 1


async def test_a_judge_that_is_too_busy_is_not_asked_and_the_words_decide():
    async with call() as line:
        line.judge.busy, line.judge.probability = True, 0.01
        await line.say("The professional plan.")
        assert await line.over() == (about(PACES["open"].likely), "The professional plan.")
        assert line.judge.spared == 1
        await line.say("My e-mail address is")
        assert (await line.over())[0] == about(PACES["open"].unsure), (
            "the words are in the middle of something"
        )


async def test_a_verdict_that_comes_late_spares_the_next_ones(monkeypatch):
    judge = TurnJudge()
    monkeypatch.setattr(judge, "_judge", lambda pcm, rate: time.sleep(0.3) or 0.9)
    assert not judge.busy
    assert await judge.finished(b"", 8000) == 0.9
    assert judge.busy
    rested = time.monotonic() + REST
    monkeypatch.setattr("agent.speech.judge.time.monotonic", lambda: rested)
    assert not judge.busy, "it is asked again after a while"
    judge.close()


async def test_a_yes_is_a_yes_whatever_the_melody():
    async with call(patience="short") as line:
        line.judge.probability = 0.2
        await line.say("Yes.")
        assert (await line.over())[0] == about(PACES["short"].sure)
        line.judge.probability = 0.9
        await line.say("Yes, that's right.")
        assert (await line.over())[0] == about(PACES["short"].plain), "in words and in melody"


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("My name is Sarah Miller.", PACES["open"].sure),
        ("Miller, M-I-L-L", PACES["spelled"].sure),
        ("sarah@summit.com", PACES["spelled"].enough),
        ("No, thanks.", PACES["spelled"].enough),
    ],
)
async def test_who_is_asked_to_spell_is_waited_for_only_while_spelling(said, wait):
    async with call(patience="spelled") as line:
        await line.say(said)
        assert (await line.over())[0] == about(wait)


async def test_a_dead_judge_hangs_nobody():
    async with call() as line:
        line.judge.finished = None
        await line.say("We are in Denver.")
        assert await line.over() == (about(PACES["open"].unsure), "We are in Denver.")


async def test_digits_with_pauses_are_one_answer_decoded_together():
    async with call(patience="spelled") as line:
        await line.say("3 0 3", pause=0.1)
        await line.say("5 5 5", pause=0.1)
        await line.say("0 1 4 2")
        assert (await line.over())[1] == "3 0 3 5 5 5 0 1 4 2"
        assert line.stt.tally.finals == 1 and line.stt.tally.stale == 2


async def test_a_recogniser_that_stops_listening_half_way_is_made_to_hear_the_rest():
    async with call(patience="spelled") as line:
        line.ears.deaf_after = "example"
        await line.say("priya at example", pause=0.1)
        await line.say("3 0 3", pause=0.1)
        await line.say("5 5 5")
        assert (await line.over())[1] == "priya at example 3 0 3 5 5 5"
        assert line.stt.tally.mended == 2


async def test_work_that_nobody_waits_for_is_dropped():
    async with call(patience="spelled") as line:
        line.ears.delay = 0.08
        for group in ("3 0 3", "5 5 5", "0 1 4 2"):
            await line.say(group, 0.05, pause=0.03)
        assert (await line.over())[1] == "3 0 3 5 5 5 0 1 4 2"
        assert line.stt.tally.decodes == 1


async def test_an_answer_known_to_be_whole_needs_no_patience():
    async with call(patience="spelled") as line:
        line.turns.control.set_patience("spelled", enough=lambda t: sum(c.isdigit() for c in t) >= 4)
        await line.say("0 1 4 2")
        assert (await line.over())[0] == about(0.6)


async def test_patience_and_vocabulary_change_live_by_frames_and_the_idle_clock_follows():
    async with call(keep_idle=True) as line:
        await line.send(PatienceFrame("short"))
        await line.send(VocabularyFrame(("Follow Up Boss",)))
        await line.say("No.")
        assert (await line.over())[0] == about(PACES["short"].plain)
        assert line.ears.asked[-1] == ("Follow Up Boss",) and line.ears.careful[-1] is False
        await line.send(VocabularyFrame(("Follow Up Boss",), careful=True))
        await line.send(PatienceFrame("spelled"))
        await line.say("P as in Papa.", pause=0.06)
        assert line.ears.asked[-1] == (*SPELLING, "Follow Up Boss") and line.ears.careful[-1] is True
        assert line.idle_timeouts == [PACES[p].idle / FAST for p in ("short", "spelled")]


async def test_a_slow_recogniser_is_waited_for_and_its_words_are_not_lost():
    async with call() as line:
        line.ears.delay = 0.5
        await line.say("We are in Denver.")
        waited, text = await line.over()
        assert text == "We are in Denver." and waited < 0.7


async def test_noise_ends_as_an_empty_turn():
    async with call() as line:
        await line.say("")
        assert await line.over() == (about(PACES["open"].sure), "")
        assert line.said == [] and line.turns.control.tally.empty == 1


# -- barging in ---------------------------------------------------------------------------------------


async def test_speech_of_half_a_second_interrupts_the_agent():
    async with call() as line:
        await line.bot(True)
        talking = asyncio.create_task(line.say("Wait, that is wrong.", 0.12))
        await asyncio.sleep(0.04)
        assert line.interruptions == 0
        await talking
        assert line.interruptions == 1 and line.turns.control.tally.barge_ins == 1
        assert (await line.over())[1] == "Wait, that is wrong."


@pytest.mark.parametrize("word", ["Mhm.", "Uh-huh.", "Okay, got it.", "Right."])
async def test_a_backchannel_does_not_cut_the_agent_off(word):
    async with call() as line:
        await line.bot(True)
        await line.say(word, 0.04, pause=0.1)
        assert (line.interruptions, line.began) == (0, [])
        await line.bot(False)
        await line.say("We are in Denver.")
        assert (await line.over())[1] == "We are in Denver.", "and is not put before the answer either"
        assert line.turns.control.tally.backchannels == 1


@pytest.mark.parametrize("word", ["Stop.", "No.", "Human please."])
async def test_a_short_word_that_means_something_does(word):
    async with call() as line:
        await line.bot(True)
        await line.say(word, 0.04)
        assert (await line.over())[1] == word
        assert line.interruptions == 1


async def test_an_early_yes_to_a_yes_no_question_is_an_answer():
    async with call(patience="short") as line:
        await line.bot(True)
        await line.say("Yeah.", 0.04)
        assert (await line.over())[1] == "Yeah."


async def test_a_word_the_recogniser_does_not_believe_does_not_interrupt():
    async with call() as line:
        line.ears.confidence = 0.3
        await line.bot(True)
        await line.say("Mom.", 0.04, pause=0.1)
        assert line.interruptions == 0


async def test_who_is_still_talking_when_the_agent_stops_has_the_turn():
    async with call() as line:
        await line.bot(True)
        talking = asyncio.create_task(line.say("Yeah.", 0.05))
        await asyncio.sleep(0.03)
        await line.bot(False)
        await talking
        assert (await line.over())[1] == "Yeah."


async def test_keys_end_the_turn_at_once():
    async with call() as line:
        await line.bot(True)
        line.quiet_at = asyncio.get_running_loop().time()
        await line.keys("12#")
        assert (await line.over())[1] == "DTMF: 12#"
        assert line.began


async def test_speech_that_was_overtaken_by_keys_is_not_part_of_the_next_answer():
    async with call() as line:
        line.judge.probability = 0.1
        await line.say("We are", pause=0.06)
        await line.keys("1")
        assert (await line.over())[1] == "DTMF: 1"
        await line.say("Denver.")
        assert (await line.over())[1] == "Denver."


# -- the legal opening --------------------------------------------------------------------------------


async def test_the_opening_is_not_cut_and_what_was_said_into_it_is_not_an_answer():
    async with call(muted=True) as line:
        await line.bot(True)
        await line.say("Hello? Hello, is somebody there?", 0.15, pause=0.1)
        assert (line.interruptions, line.began) == (0, [])
        await line.bot(False)
        line.turns.control.mute(False)
        await line.send(PatienceFrame("open"))
        await line.say("Yes, I am the broker.")
        assert (await line.over())[1] == "Yes, I am the broker."


async def test_muting_does_not_swallow_a_turn_in_progress():
    async with call() as line:
        talking = asyncio.create_task(line.say("We are in Denver.", 0.1))
        await asyncio.sleep(0.06)
        line.turns.control.mute(True)
        await talking
        assert (await line.over())[1] == "We are in Denver."
        await line.say("And more.", pause=0.1)
        assert len(line.ended) == 1


# -- other recognisers, other calls -------------------------------------------------------------------


async def test_a_recogniser_that_sends_finals_on_its_own_works_too():
    async with call(embedded=False) as line:
        await line.say("ignored")
        await line.send(TranscriptionFrame("We are in Denver.", "", "", finalized=True))
        assert await line.over() == (about(PACES["open"].sure), "We are in Denver.")


async def test_a_backchannel_a_vendor_made_a_final_of_is_forgotten():
    async with call(embedded=False) as line:
        await line.bot(True)
        await line.say("ignored", 0.04)
        await line.send(TranscriptionFrame("Mhm.", "", "", finalized=True))
        await asyncio.sleep(0.05)
        assert line.interruptions == 0
        await line.bot(False)
        await line.say("ignored")
        await line.send(TranscriptionFrame("We are in Denver.", "", "", finalized=True))
        assert (await line.over())[1] == "We are in Denver."


async def test_two_calls_share_nothing():
    async with call(patience="short") as one, call(patience="spelled") as two:
        await two.bot(True)
        await one.say("Yes.")
        assert (await one.over())[1] == "Yes."
        assert (one.interruptions, two.interruptions, two.began, two.said) == (1, 0, [], [])
        assert not one.turns.control.bot_speaking and two.turns.control.patience == "spelled"


# -- words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["My name is", "It's P as in", "and", "We have offices in the", "my e-mail is...", "priya dot", "Well,"],
)
def test_hanging(text):
    assert hangs(text)


@pytest.mark.parametrize("text", ["Yes it is.", "P R I Y A", "That's what they are.", "Denver.", "", "5 5 5"])
def test_not_hanging(text):
    assert not hangs(text)


def test_backchannels_depend_on_the_question():
    assert backchannel("Yeah, okay.", "open") and not backchannel("Yeah.", "short")
    assert not backchannel("No.", "open") and not backchannel("Okay change the plan.", "open")
    assert backchannel("Yes.", "short", 0.2) and not backchannel("Yes.", "short", 0.4)


@pytest.mark.parametrize("text", ["Yep.", "Yes, that's right.", "Yes, I am.", "No, thank you.", "Yes, I do."])
def test_a_plain_answer(text):
    assert plain_answer(text)


@pytest.mark.parametrize("text", ["No, it is", "Yes, but", "Yes, that's", "Yes in Denver.", "It is.", ""])
def test_more_than_a_plain_answer(text):
    assert not plain_answer(text)


@pytest.mark.parametrize(
    "text",
    [
        "303-555-0142",
        "3 0 3 5 5 5 0 1 4 2.",
        "one 303 555 0142",
        "Sarah at summit dot com.",
        "s@a.b.org",
        "Yes.",
    ],
)
def test_surely_whole(text):
    assert whole(text)


@pytest.mark.parametrize(
    "text", ["303 555 014", "1 303 555 014", "Sarah at summit", "Sarah Miller.", "S-A-R", "s@a.co", "dot com"]
)
def test_perhaps_not_whole(text):
    assert not whole(text)


@pytest.mark.parametrize(
    "text", ["M I L", "P as in Papa", "three oh three", "5", "sarah at", "S", "M-I-L-L-E-R"]
)
def test_spelling(text):
    assert spelling(text)


@pytest.mark.parametrize("text", ["My name is Sarah Miller.", "I am a broker.", "It's Oak Hill.", "Yes."])
def test_not_spelling(text):
    assert not spelling(text)


def test_the_longest_wait_is_never_shorter_than_the_others():
    for patience in PACES:
        control = TurnControl(patience=patience)
        waits = [control.wait(p, t) for p in (None, 0.1, 0.6, 0.99) for t in (None, "", "Denver.", "and")]
        assert max(waits) == PACES[patience].unsure
        assert min(waits) >= min(PACES[patience].sure, PACES["open"].sure)


# -- listening ahead ------------------------------------------------------------------------------------


async def test_what_was_decoded_at_the_beginning_of_a_pause_is_used_if_it_was_the_end():
    async with call(patience="short") as line:
        line.ears.delay = 0.1
        await line.say("Yes.", hint=0.01)
        waited, text = await line.over()
        assert text == "Yes." and line.stt.tally.ahead == 1 and len(line.ears.asked) == 1
        assert waited < 0.01 + 0.1 + SLACK


async def test_what_was_decoded_too_early_is_dropped():
    async with call() as line:
        line.ears.delay = 0.01
        await line.say("We are in", 0.1, hint=-0.05)
        line.ears.texts[line.marks] = "We are in Denver."
        assert (await line.over())[1] == "We are in Denver."
        assert line.stt.tally.ahead == 0
