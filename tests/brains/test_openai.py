import asyncio
import json

import pytest

from agent.brains.breaker import Breaker
from agent.brains.model import ModelLimits
from simulate.openai_server import Call, Line, OpenAIServer

from .harness import FAST, FakeConversation, line

NOTE = Call("note_answers", {"answers": [{"slot": "org", "value": "Acme Realty"}]})
READ_BACK = "Acme Realty, is that right?"
SECRET = "sk-very-secret"
#: Long enough for an answer on a busy machine, short enough to wait for one that never comes.
SHORT = ModelLimits(first_token=1.0, stall=1.0, turn=3.0)


def greeted() -> FakeConversation:
    """Past the account: only plain questions are left."""
    return FakeConversation(values={"org": "Acme"})


# -- the model talks, code decides ----------------------------------------------------------------


async def test_what_the_model_passes_on_is_read_back_in_the_engines_words():
    async with OpenAIServer([Line(calls=[NOTE])]) as server, line(server) as live:
        assert await live.say("We're Acme Realty") == [READ_BACK]
        assert live.conversation.calls == [("propose", [{"slot": "org", "value": "Acme Realty"}])]
        assert live.conversation.noted == [("caller", "We're Acme Realty")]
        assert len(server.requests) == 1 and server.problems == []
        history = live.context.get_messages()
        result = json.loads(history[2]["content"])
        assert result == {"status": "ok", "say": READ_BACK, "step": "account"}
        assert history[1]["tool_calls"][0]["function"]["name"] == "note_answers"


async def test_a_plain_question_is_phrased_by_the_model_and_always_asked():
    script = [
        Line(calls=[Call("note_answers", {"answers": [{"slot": "voice", "value": "the calm one"}]})]),
        Line(text="Lovely choice. And how do we greet your callers?"),
        Line(calls=[Call("note_answers", {"answers": [{"slot": "greeting", "value": "hello"}]})]),
        Line(text="Lovely."),
    ]
    async with OpenAIServer(script) as server, line(server, greeted()) as live:
        assert await live.say("the calm one") == ["Lovely choice.", "And how do we greet your callers?"]
        assert await live.say("hello") == ["Lovely.", "How do we greet?"]
        assert server.problems == [] and live.outcomes == ["", ""]
        assert live.ear.responses == 2  # one response a turn, so one assistant message


async def test_words_with_a_number_in_them_are_not_left_to_the_model():
    script = [Line(calls=[Call("note_answers", {"answers": [{"slot": "voice", "value": "number 7"}]})])]
    conversation = greeted()
    conversation.questions = {"greeting": "Your code is 4711. How do we greet?"}
    async with OpenAIServer(script) as server, line(server, conversation) as live:
        assert await live.say("number 7") == ["Your code is 4711. How do we greet?"]
        assert len(server.requests) == 1


async def test_the_first_sentence_is_spoken_while_the_model_still_writes():
    script = [Line(text="It is indeed. And there is a lot more of it to come", pace=0.06, piece=4)]
    async with OpenAIServer(script) as server, line(server, greeted()) as live:
        await live.start("lovely weather today")
        while not live.ear.heard:
            await asyncio.sleep(0.01)
        assert live.ear.heard == ["It is indeed."] and not live.said.is_set()
        await live.said.wait()


async def test_small_talk_leads_back_to_the_open_question():
    async with OpenAIServer([Line(text="It is indeed.")]) as server, line(server, greeted()) as live:
        assert await live.say("lovely weather today") == ["It is indeed.", "Which voice?"]
        assert live.conversation.calls == []
        assert live.conversation.noted == [
            ("caller", "lovely weather today"),
            ("agent", "It is indeed. Which voice?"),
        ]
        # The line is told of the turn although the conversation was not asked.
        assert live.records[-1].heard == "lovely weather today" and live.records[-1].said == (
            "It is indeed.",
        )


async def test_a_question_before_a_call_is_not_asked():
    script = [Line(text="Got it. What's your e-mail?", calls=[NOTE])]
    async with OpenAIServer(script) as server, line(server) as live:
        assert await live.say("Acme Realty") == ["Got it.", READ_BACK]


async def test_keys_and_a_plain_yes_need_no_model():
    async with OpenAIServer([Line(calls=[NOTE])]) as server, line(server) as live:
        await live.say("Acme Realty")
        assert await live.say("yes") == ["Your account is created.", "Which voice?"]
        assert await live.say("DTMF: 1#") == ["How do we greet?"]
        assert len(server.requests) == 1 and live.outcomes == ["", "yes or no", "keys"]
        assert live.conversation.writes == ["register"]


async def test_card_numbers_never_reach_the_model():
    async with OpenAIServer(smart=True) as server, line(server, greeted()) as live:
        await live.say("my card is 4111 1111 1111 1111")
        assert server.requests == []
        await live.say("the friendly voice please")
        assert "4111" not in json.dumps(server.requests)


# -- calls as servers really send them ------------------------------------------------------------


@pytest.mark.parametrize("same_index", [False, True])
@pytest.mark.parametrize("piece", [1, 7, 500])
async def test_parallel_and_fragmented_calls(piece, same_index):
    calls = [
        Call("note_answers", {"answers": [{"slot": "voice", "value": "calm"}]}, id="a"),
        Call("note_answers", {"answers": [{"slot": "greeting", "value": "hi"}]}, id="b"),
        Call("command", {"name": "repeat"}, id="c"),
    ]
    script = [Line(calls=calls, piece=piece, same_index=same_index)]
    async with OpenAIServer(script) as server, line(server, greeted(), wording="engine") as live:
        await live.say("calm, and greet with hi")
        # Two of a kind are one; each is answered under its own id.
        assert live.conversation.calls == [
            ("propose", [{"slot": "voice", "value": "calm"}, {"slot": "greeting", "value": "hi"}]),
            ("command", "repeat", None),
        ]
        answered = [m["tool_call_id"] for m in live.context.get_messages() if m["role"] == "tool"]
        assert answered == ["a", "b", "c"]


WRONG = [
    (Call("note_answers", '{"answers": [{"slot": "org"'), "JSON"),
    (Call("note_answers", "[1]"), "object"),
    (Call("note_answers", {"answers": []}), "at least one"),
    (Call("note_answers", {"answers": [{"slot": "org"}]}), "slot"),
    (Call("note_answers", {"answers": [{"slot": "orgg", "value": "Acme"}]}), "did you mean 'org'?"),
    (Call("register", {"org": "Acme"}), "note_answers, confirm, command"),
    (Call("confirm", {"yes": "perhaps"}), "true or false"),
    (Call("command", {"name": "reboot"}), "help, repeat"),
]


@pytest.mark.parametrize(("wrong", "advice"), WRONG)
async def test_wrong_arguments_get_an_answer_the_model_can_act_on_once(wrong, advice):
    script = [Line(calls=[wrong]), Line(calls=[NOTE])]
    async with OpenAIServer(script) as server, line(server) as live:
        assert await live.say("Acme Realty") == [READ_BACK]
        (error,) = [m for m in server.requests[1]["messages"] if m["role"] == "tool"]
        assert json.loads(error["content"])["status"] == "invalid" and advice in error["content"]
        assert live.outcomes == [""] and server.problems == []
        assert live.conversation.calls == [("propose", [{"slot": "org", "value": "Acme Realty"}])]


async def test_wrong_twice_is_answered_by_the_engine():
    async with OpenAIServer([Line(calls=[WRONG[0][0]])] * 2) as server, line(server) as live:
        assert await live.say("Acme Realty") == [READ_BACK]
        assert live.conversation.calls == [("hear", "Acme Realty")] and live.outcomes == ["wrong arguments"]


@pytest.mark.parametrize(
    "answers",
    [
        {"org": "Acme Realty"},
        {"slot": "org", "value": "Acme Realty"},
        '[{"slot": "org", "value": "Acme Realty"}]',
    ],
)
async def test_small_slips_of_small_models_are_forgiven(answers):
    script = [Line(calls=[Call("note_answers", {"answers": answers})])]
    async with OpenAIServer(script) as server, line(server) as live:
        assert await live.say("Acme Realty") == [READ_BACK]
        assert live.outcomes == [""]


# -- every fault ----------------------------------------------------------------------------------

FAULTS = ["401", "404", "429", "500", "503", "hang", "stall", "reset", "empty", "malformed", "truncated"]
FAULTS += ["cut", "error_event", "filtered", "html"]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_answered_by_the_engine_once_and_the_next_turn_by_the_model(fault):
    script = [Line(calls=[NOTE], fault=fault, piece=3), Line(calls=[Call("command", {"name": "help"})])]
    breaker = Breaker(limit=1000, longest=0.0)
    async with OpenAIServer(script) as server, line(server, breaker=breaker, limits=SHORT) as live:
        assert await live.say("Acme Realty") == [READ_BACK]
        assert live.conversation.calls == [("hear", "Acme Realty")]
        assert live.outcomes[0] != ""
        await live.say("I am in the car")
        assert live.conversation.calls[1:] == [("command", "help", None)]
        assert live.outcomes[1] == "" and server.problems == []
        assert live.conversation.noted == [("caller", "Acme Realty"), ("caller", "I am in the car")]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_after_a_function_has_run_repeats_nothing(fault):
    voice = Call("note_answers", {"answers": [{"slot": "voice", "value": "calm"}]})
    script = [Line(calls=[voice]), Line(text="Nice. And how shall we greet?", fault=fault, piece=3)]
    async with OpenAIServer(script) as server, line(server, greeted(), limits=SHORT) as live:
        heard = await live.say("calm")
        assert heard[-1] == "How do we greet?" and heard.count("How do we greet?") == 1
        assert live.conversation.calls == [("propose", [{"slot": "voice", "value": "calm"}])]
        assert live.outcomes[0] != ""


async def test_a_write_that_the_model_caused_is_told_once_when_the_model_then_fails():
    conversation = FakeConversation(proposal="Acme")
    script = [Line(calls=[Call("confirm", {"yes": True}), Call("register", {})]), Line(fault="500")]
    async with OpenAIServer(script) as server, line(server, conversation) as live:
        assert await live.say("that would be correct I think") == ["Your account is created.", "Which voice?"]
        assert conversation.writes == ["register"]
        assert [c[0] for c in conversation.calls] == ["confirm"]


async def test_a_dead_endpoint_and_a_late_first_token():
    async with OpenAIServer() as server:
        dead = server.base_url
    async with line(None, base_url=dead) as live:
        assert await live.say("Acme Realty") == [READ_BACK]
        assert live.outcomes == ["connection"]
    async with OpenAIServer([Line(calls=[NOTE], delay=2.0)]) as server, line(server, limits=FAST) as live:
        assert await live.say("Acme Realty") == [READ_BACK]
        assert live.outcomes == ["first token late"]


async def test_a_slow_but_steady_answer_is_cut_at_the_turns_limit():
    script = [Line(text="word " * 60, pace=0.1)]
    async with OpenAIServer(script) as server, line(server, greeted(), limits=FAST) as live:
        assert await live.say("calm") == ["How do we greet?"]
        assert live.outcomes == ["stalled"]


async def test_a_stall_is_noticed_long_before_the_turn_is_over():
    script = [Line(text="I think that is quite all right", fault="stall")]
    limits = ModelLimits(first_token=5, stall=0.2, turn=60)
    async with OpenAIServer(script) as server, line(server, greeted(), limits=limits) as live:
        assert await live.say("calm", timeout=3) == ["How do we greet?"]
        assert live.outcomes == ["stalled"]


async def test_a_loop_of_calls_ends_and_runs_nothing_twice():
    again = Line(calls=[Call("note_answers", {"answers": [{"slot": "voice", "value": "calm"}]})])
    async with OpenAIServer([again] * 9) as server, line(server, greeted()) as live:
        assert await live.say("calm") == ["How do we greet?"]
        assert len(live.conversation.calls) == 1 and len(server.requests) == 3
        assert live.outcomes == ["too many calls"]


async def test_when_the_conversation_itself_fails_the_caller_is_heard_the_other_way():
    conversation = FakeConversation(broken=True)
    async with OpenAIServer([Line(calls=[NOTE])]) as server, line(server, conversation) as live:
        assert await live.say("Acme Realty") == [READ_BACK]
        assert "no database" not in json.dumps(live.context.get_messages())


async def test_repeated_failures_rest_the_model_and_a_probe_brings_it_back():
    now = [0.0]
    breaker = Breaker(limit=2, cooldown=30, now=lambda: now[0])
    script = [Line(fault="500"), Line(fault="500"), Line(fault="500"), Line(text="Hello.")]
    async with OpenAIServer(script) as server, line(server, greeted(), breaker=breaker) as live:
        for word in ("one", "two", "three"):
            await live.say(f"voice {word}")
        assert len(server.requests) == 2 and live.outcomes[-1] == "resting"
        now[0] = 31
        await live.say("still there")
        assert live.outcomes[-1] == "500"
        now[0] = 62
        await live.say("still there")
        assert live.outcomes[-1] == "resting"  # the pause has doubled
        now[0] = 92
        await live.say("and now")
        assert live.outcomes[-1] == "" and not breaker.is_open


async def test_a_server_that_asks_for_rest_gets_it():
    now = [0.0]
    breaker = Breaker(now=lambda: now[0])
    script = [Line(fault="429", retry_after="20"), Line(text="Hello.")]
    async with OpenAIServer(script) as server, line(server, greeted(), breaker=breaker) as live:
        await live.say("voice one")
        await live.say("voice two")
        assert live.outcomes == ["429", "resting"]
        now[0] = 21
        await live.say("voice three")
        assert live.outcomes[-1] == "" and len(server.requests) == 2


# -- what may not be said -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "I've created your account. Which voice?",
        "You're all set!",
        "Great, it's live now.",
        "I just sent you the link.",
        "The plan is $99 a month.",
        "Your number is 303-555-0199.",
        "It's a safe neighborhood.",
        "Whenever the caller gives anything the form can hold, call note_answers once with all of it.",
    ],
)
async def test_a_sentence_that_may_not_be_said_becomes_the_engines_next_words(text):
    async with OpenAIServer([Line(text=text)]) as server, line(server, greeted()) as live:
        assert await live.say("calm please") == ["How do we greet?"]
        assert live.conversation.calls == [("hear", "calm please")]
        assert live.outcomes[0].startswith("held back")


async def test_a_claim_holds_once_a_receipt_is_there():
    conversation = FakeConversation(proposal="Acme")
    script = [Line(text="I've created your account. Anything about it?"), Line(text="The link is sent.")]
    async with OpenAIServer(script) as server, line(server, conversation) as live:
        await live.say("yes")
        assert await live.say("so what have you done") == [
            "I've created your account.",
            "Anything about it?",
        ]
        assert await live.say("and the link") == ["How do we greet?"]


async def test_nothing_may_differ_from_what_is_read_back():
    script = [Line(text="It is what callers hear."), Line(text="So the number is 303-555-0143. OK?")]
    conversation = FakeConversation(proposal="303-555-0142")
    async with OpenAIServer(script) as server, line(server, conversation) as live:
        heard = await live.say("I am in the car")
        assert heard == ["It is what callers hear.", "303-555-0142, is that right?"]
        heard = await live.say("they said 303 555 0143 yesterday")
        assert live.outcomes[-1] == "held back: read_back" and "303-555-0143" not in " ".join(heard)


@pytest.mark.parametrize("shape", ["{}", "Sure: {}", "{a} and {b}.", "It is {spelled}."])
async def test_the_canary_is_never_heard(shape):
    async with OpenAIServer() as server, line(server, greeted()) as live:
        canary = live.brain.mind.canary
        text = shape.format(canary, a=canary[:8], b=canary[8:], spelled="-".join(canary))
        server.script.append(
            Line(text=f"Fine. {text} Which voice?", calls=[Call("command", {"name": "help"})])
        )
        heard = await live.say("calm please")
        assert heard == ["Fine.", "How do we greet?"]
        assert [c[0] for c in live.conversation.calls] == ["hear"]


async def test_markup_is_not_read_aloud_and_a_long_answer_ends():
    text = "**Sure.** " + "One more thing to say here. " * 20
    async with OpenAIServer([Line(text=text)]) as server, line(server, greeted()) as live:
        heard = await live.say("tell me")
        assert heard[0] == "Sure." and len(heard) == 7 and heard[-1] == "Which voice?"


# -- prompts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("developer_role", [True, False])
async def test_the_prompt_prefix_stays_the_same_over_steps_and_turns(developer_role):
    options = {"developer_role": developer_role}
    async with OpenAIServer(smart=True) as server, line(server, **options) as live:
        assert await live.say("Acme Realty") == [READ_BACK]
        await live.say("no wait")
        await live.say("we are Best Homes")
        await live.say("yes it is")
        assert live.conversation.writes == ["register"]
        assert await live.say("the calm voice") == ["How do we greet?"]
        await live.say("just say hello")
        assert server.problems == []
        assert len(server.systems) == 1 and server.systems[0].startswith("You are Kei.")
        roles = {m["role"] for request in server.requests for m in request["messages"]}
        assert ("developer" in roles) is developer_role


async def test_the_key_is_sent_and_the_openai_library_does_not_retry():
    async with (
        OpenAIServer([Line(fault="500"), Line(text="Hi.")]) as server,
        line(server, key=SECRET) as live,
    ):
        await live.say("hello")
        assert len(server.requests) == 1 and any("key" in p for p in server.problems)


# -- interruptions --------------------------------------------------------------------------------


async def test_a_barge_in_does_not_stop_a_write_and_its_words_are_owed():
    conversation = FakeConversation(proposal="Acme", slow=0.3)
    script = [Line(calls=[Call("confirm", {"yes": True})]), Line(text="Sure.")]
    async with OpenAIServer(script) as server, line(server, conversation) as live:
        await live.start("that would be correct I think")
        await asyncio.sleep(0.15)
        await live.interrupt()
        await asyncio.sleep(0.4)
        assert conversation.writes == ["register"]
        assert "Your account is created." in [u.text for u in live.turns.again()]
        # Nothing half-done is left in the history: the next request is well-formed.
        await live.say("hello")
        assert server.problems == []


async def test_a_barge_in_while_the_model_writes_leaves_a_clean_line():
    script = [Line(text="I think that ", pace=0.1), Line(calls=[NOTE])]
    async with OpenAIServer(script) as server, line(server) as live:
        await live.start("hm")
        await asyncio.sleep(0.1)
        await live.interrupt()
        assert await live.say("Acme Realty") == [READ_BACK]
        assert server.problems == [] and not live.endpoint.breaker.is_open


async def test_silence_while_the_model_thinks_is_filled_once():
    script = [Line(calls=[NOTE], delay=0.2)]
    async with OpenAIServer(script) as server, line(server, moment=0.05) as live:
        assert await live.say("Acme Realty") == ["One moment.", READ_BACK]
