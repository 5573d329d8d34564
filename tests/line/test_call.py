"""A whole call over a real socket: opening, turns, keys, barge-in, goodbye."""

from __future__ import annotations

from tests.line.conftest import Exchange
from tests.line.doubles import NOTICE, QUESTION, Script, says


async def test_opening_a_turn_and_a_reply(exchange: Exchange) -> None:
    handset, script = await exchange.call()
    await handset.until_quiet()
    assert exchange.mouth(handset).spoke == [NOTICE, QUESTION]
    assert "notice" in handset.marks

    exchange.says(handset, "this is dana")
    handset.first_sound = None
    await handset.until_sound()
    assert script.log == ["open", "hear this is dana"]
    assert exchange.mouth(handset).spoke[-1] == "You said this is dana."


async def test_goodbye_ends_the_call(exchange: Exchange) -> None:
    handset, script = await exchange.call(Script(says("Thank you. Goodbye.", ended=True)))
    await handset.until_quiet()
    exchange.says(handset, "that is all")
    await exchange.until(handset.closed.is_set, 8)
    assert exchange.book.rows[handset.sid].ended == "done"
    assert (await handset.ask_next()).verbs == ["Hangup"]
