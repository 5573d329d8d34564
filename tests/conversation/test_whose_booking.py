"""Who comes back by chat about an appointment: a code proves it, else the office has the wish (C41)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from stores import leads, outbox, tenancy
from tests.conversation.test_recall import BOOK
from tests.conversation.test_strangers import booked, chat
from tests.tools.conftest import Postbox

OWN = "+13035550177"
DETAILS = ("2 PM", "Lee", "Cherry")


class Letters(Postbox):
    """A mail server and a carrier that take letters."""

    mails_leave = texts_leave = True


@pytest.fixture
async def tour(parts, homes):
    """Wes Okafor has a tour tomorrow at two, booked by telephone, and may be texted."""
    await chat(parts, homes, *BOOK, "yes", caller=OWN, channel="voice")
    (row,) = await booked(parts, homes)
    assert row.name == "Wes Okafor"
    return row


async def tasks(parts, homes) -> list[leads.Task]:
    async with parts.db.tenant(homes) as session:
        found = await leads.open_tasks(session)
    return [t for t in found if t.title.startswith("Urgent: Wes") or "no number" in t.title]


@pytest.mark.parametrize(
    ("said", "want", "told"),
    [
        ("I have to cancel my viewing tomorrow", "cancel", "until then it isn't cancelled"),
        ("something came up, can we move my tour to another day?", "move", "stays as it is"),
        ("what time is my tour tomorrow?", "know about", "look it up"),
    ],
)
async def test_without_letters_the_office_has_the_wish(parts, homes, tour, said, want, told) -> None:
    talk = await chat(parts, homes, said, "Wes Okafor, 303 555 0177")
    assert told in talk.reply.text and "ending in 0177" in talk.reply.text
    assert not any(word in " ".join(talk.heard) for word in DETAILS)
    (task,) = await tasks(parts, homes)
    assert f"wants to {want} an appointment (tour with Lee tomorrow at 2 PM)" in task.title
    assert said.split(",")[0] in task.title and task.lead_id == tour.lead_id
    assert [row.id for row in await booked(parts, homes)] == [tour.id]


async def test_what_is_said_after_it_is_added_and_nobody_is_asked_again(parts, homes, tour) -> None:
    talk = await chat(parts, homes, "can we move my tour to another day?", "Wes Okafor, 303 555 0177")
    await talk.say("could it be thurs or fri morning instead?")
    assert "added" in talk.reply.text
    await talk.say("so is it moved?")
    assert talk.reply.text.startswith("Not yet")
    (task,) = await tasks(parts, homes)
    assert "Friday morning instead" in task.title
    await talk.say("ok thanks")
    assert talk.reply.ended and "consent_contact" not in talk.asked


async def test_who_leaves_at_once_leaves_the_wish(parts, homes) -> None:
    talk = await chat(parts, homes, "I need to cancel my showing tomorrow")
    await talk.conversation.close("left")
    (task,) = await tasks(parts, homes)
    assert "wants to cancel" in task.title


@pytest.fixture
async def letters(parts, homes):
    """The application as a client has it whose letters leave."""
    async with parts.db.tenant(homes) as session:
        tenant = await tenancy.get_tenant(session)
        await tenancy.update_tenant(session, settings={**tenant.settings, "sms_registered": True})
    return replace(parts, ports=replace(parts.ports, mail=Letters()))


async def code_sent(parts, homes) -> list[str]:
    async with parts.db.tenant(homes) as session:
        found = [m for m in await outbox.list_messages(session) if m.to_ == OWN]
    return [m[0] for row in found if (m := re.search(r"(?<=code is )\d{6}", row.body))]


async def test_a_code_that_was_sent_proves_it(letters, homes, tour) -> None:
    talk = await chat(letters, homes, "I have to cancel my viewing tomorrow", "Wes Okafor, 303 555 0177")
    assert "a code is on its way" in talk.reply.text
    (code,) = await code_sent(letters, homes)
    await talk.say("000000" if code != "000000" else "111111")
    assert "not the code" in talk.reply.text and len(await booked(letters, homes)) == 1
    await talk.say(f"it's {code}")
    assert "is cancelled, and Lee knows" in talk.reply.text and not await booked(letters, homes)
    assert not await tasks(letters, homes)


async def test_a_stranger_is_told_the_same_and_gets_nothing(letters, homes, tour) -> None:
    talk = await chat(letters, homes, "when is my tour?", "Mal Ory, 303 555 0177")
    assert "a code is on its way" in talk.reply.text and not await code_sent(letters, homes)
    for _ in range(3):
        await talk.say("123456")
    assert not any(word in " ".join(talk.heard) for word in DETAILS)
    elsewhere = await chat(letters, homes, "when is my tour?", "Wes Okafor, 303 555 0177")
    (code,) = await code_sent(letters, homes)
    await talk.say(code)  # of another conversation
    assert not any(word in " ".join(talk.heard) for word in DETAILS)
    await elsewhere.say(code)
    assert "tomorrow at 2 PM" in elsewhere.reply.text
