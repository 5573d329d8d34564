"""The real conversation, its database and its flow, with a model at the other end."""

from pathlib import Path

import pytest

from agent.brains.model import Endpoint
from agent.brains.openai import OpenAIText, compiled_for
from agent.conversation import Conversation
from agent.parts import Parts
from core.ids import HOUSE_TENANT
from flows.loader import load_all
from integrations.numbers import FictionalNumbers
from integrations.outbox import Messenger
from simulate.openai_server import Call, Line, OpenAIServer
from stores import conversations as store
from tools.base import Ports

from .harness import line

FLOWS = Path(__file__).parents[2] / "flows"
ANSWERS = {
    "organization_name": "Summit Realty",
    "states_served": "Colorado and Utah",
    "timezone": "Mountain time",
    "team_size": "five of us",
    "admin_name": "Dana Reed, R E E D",
    "admin_role": "managing broker",
    "authority": "yes I am authorized",
    "admin_email": "dana at summit dot example",
    "admin_mobile": "303 555 0142",
    "plan": "Professional",
    "terms_accepted": "yes I accept",
}


@pytest.fixture
def parts(db, tmp_path):
    ports = Ports(
        numbers=FictionalNumbers(taken=["+13035550100"]),
        mail=Messenger(tmp_path / "outbox", mail_from="kei@seiketsu.example"),
    )
    return Parts(db=db, flows=load_all(FLOWS), ports=ports)


async def begin(parts, channel="chat"):
    return await Conversation.start(parts, tenant_id=HOUSE_TENANT, channel=channel, caller="+13035550142")


async def through_the_account(conversation, answer):
    """Answer what is asked until the step is done; the tools that ran and the last reply."""
    reply, ran = await conversation.open(), []
    for _ in range(40):
        if reply.step != "account":
            break
        asked = reply.awaiting
        words = ANSWERS[asked["slots"][0]] if asked["kind"] == "ask" else "yes that is right I would say"
        reply = await answer(words)
        ran += [run.name for run in reply.tools]
    return ran, reply


async def test_a_model_fills_the_form_as_the_engine_alone_does(parts):
    alone = await begin(parts)
    ran_alone, _ = await through_the_account(alone, alone.hear)
    told: list[str] = []
    async with OpenAIServer(smart=True) as server:
        endpoint = Endpoint(model=server.model, api_key=server.key, base_url=server.base_url)
        brain = OpenAIText(endpoint, on_model=told.append)
        with_model = await begin(parts)
        ran, reply = await through_the_account(with_model, lambda text: brain.answer(with_model, text))
        await endpoint.close()
    assert ran == ran_alone == ["register_organization"]
    assert with_model.state.confirmed() == alone.state.confirmed()
    assert reply.step == "voice_agent" and "Summit Realty is registered." in reply.text
    assert server.problems == [] and len(server.systems) == 1
    assert set(told) <= {"", "yes or no"} and told.count("") >= 8
    async with parts.db.tenant(HOUSE_TENANT) as session:
        turns = await store.turns(session, with_model.id)
    callers = [turn.text for turn in turns if turn.role == "caller"]
    assert callers[:2] == ["Summit Realty", "Colorado and Utah"] and len(callers) == len(told)


async def test_what_a_model_passes_over_is_heard_by_the_engine(parts):
    script = [Line(text="Summit Realty, lovely. And which states?")]
    async with OpenAIServer(script) as server:
        conversation, told = await begin(parts, "voice"), []
        await conversation.open()
        async with line(server, conversation, compiled=compiled_for(conversation)) as live:
            heard = await live.say("Summit Realty")
            told = live.outcomes
    assert told == ["passed over"] and heard[0] == "Summit Realty, lovely." and "right?" in heard[-1]
    assert conversation.state.peek("organization_name").proposal is not None


async def test_a_receipt_of_an_earlier_process_may_be_spoken_of(parts):
    conversation = await begin(parts)
    await through_the_account(conversation, conversation.hear)
    await conversation.let_go()
    async with parts.db.tenant(HOUSE_TENANT) as session:
        row = await store.load(session, conversation.id)
    again = await Conversation.take_up(parts, row, channel="chat")
    script = [
        Line(text="I've created your account. How should your agent sound?"),
        Line(text="Your agent is live. How should your agent sound?"),
    ]
    async with OpenAIServer(script) as server:
        told: list[str] = []
        endpoint = Endpoint(model=server.model, api_key=server.key, base_url=server.base_url)
        brain = OpenAIText(endpoint, on_model=told.append)
        reply = await brain.answer(again, "what is the weather like in Paris")
        assert reply.text == "I've created your account. How should your agent sound?"
        assert reply.awaiting["slots"] == ["voice_profile"] and reply.tools == ()
        reply = await brain.answer(again, "what is the weather like in Rome")
        assert "is live" not in reply.text
        await endpoint.close()
    assert told == ["", "held back: claim"]
    async with parts.db.tenant(HOUSE_TENANT) as session:
        said = [turn.text for turn in await store.turns(session, conversation.id)]
    assert "I've created your account. How should your agent sound?" in said


async def test_a_model_cannot_confirm_what_the_caller_denies(parts):
    script = [
        Line(calls=[Call("note_answers", {"answers": [{"slot": "organization_name", "value": "Summit"}]})]),
        Line(calls=[Call("confirm", {"yes": True})]),
    ]
    async with OpenAIServer(script) as server:
        conversation = await begin(parts, "voice")
        await conversation.open()
        async with line(server, conversation, compiled=compiled_for(conversation)) as live:
            await live.say("Summit")
            await live.say("no that is not how you write it")
    assert not conversation.state.peek("organization_name").counts
