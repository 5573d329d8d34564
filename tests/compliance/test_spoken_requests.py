""" "Delete my data", said on the telephone, begins the request itself, by the law's clocks (C34)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from policies.lifecycle import wish_of
from stores import archives, outbox, support
from tests.tools.conftest import CALLER, Desk


async def _left(desk: Desk) -> tuple[list[Any], list[Any], list[Any]]:
    async with desk.db.tenant(desk.home) as session:
        asked = list(await archives.open_requests(session, scope="person"))
        tickets = list(await support.list_tickets(session))
        texts = [m for m in await outbox.list_messages(session) if m.to_ == CALLER]
    return asked, tickets, texts


async def test_it_is_begun_once_with_both_clocks_and_a_code_to_that_number(desk: Desk) -> None:
    for _ in range(2):
        await desk.run("note_for_staff", {"kind": "privacy", "label": "privacy", "wish": "deletion"})
    (asked,), (ticket,), texts = await _left(desk)
    now = desk.clock.now()
    assert (asked.kind, asked.phone, asked.state) == ("deletion", CALLER, "received"), (
        "nothing is proved by it"
    )
    assert (asked.acknowledge_by, asked.due_at) == (now + timedelta(days=10), now + timedelta(days=45))
    assert asked.ticket_number == ticket.number and len(texts) == 1


async def test_another_number_that_is_named_is_not_asked_about(desk: Desk) -> None:
    desk.slots = {"phone": "+13035559999"}  # type: ignore[attr-defined]
    await desk.run("note_for_staff", {"kind": "privacy", "wish": "deletion"})
    (asked,), _, _ = await _left(desk)
    assert asked.phone == CALLER


async def test_what_is_not_plain_is_read_by_a_person_first(desk: Desk) -> None:
    await desk.run("note_for_staff", {"kind": "privacy", "label": "privacy"})
    asked, (ticket,), texts = await _left(desk)
    assert (asked, texts) == ([], []) and ticket.due_at == desk.clock.now() + timedelta(days=10)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Please delete all my data.", "deletion"),
        ("Quiero que borren mis datos", "deletion"),
        ("What data do you have on me?", "access"),
        ("How do you handle privacy?", None),
    ],
)
def test_a_wish_is_what_was_said_plainly(text: str, wish: str | None) -> None:
    assert wish_of(text) == wish
