""" "Yes, that's right": answered after the first word, and the others agree to nothing."""

from __future__ import annotations

import pytest

from tests.line.conftest import Exchange
from tests.line.doubles import Script, says

TERMS = "And do you accept the terms of service, as they were sent to you, on behalf of the whole firm?"


@pytest.mark.parametrize("work", [0.0, 0.5], ids=["the question began", "the question was being decided"])
async def test_it_is_no_answer_to_a_question_nobody_heard(exchange: Exchange, work: float) -> None:
    handset, script = await exchange.call(Script(says(TERMS), says("Accepted."), work=work))
    await handset.until_quiet()
    exchange.says(handset, "yes", seconds=0.3)
    await exchange.until(lambda: script.log[-1] == "hear yes")
    if not work:
        await exchange.until(lambda: TERMS in exchange.mouth(handset).spoke)
    exchange.says(handset, "that's right", seconds=0.4)
    await exchange.until(lambda: len(exchange.ears(handset).will_hear) == 0)
    asked = 1 if work else 2  # again, or at last
    await exchange.until(lambda: exchange.mouth(handset).spoke.count(TERMS) == asked)
    heard = handset.seconds_heard
    await exchange.until(lambda: handset.seconds_heard > heard + 1.0)
    await handset.until_quiet()
    assert script.log == ["open", "hear yes"]
    exchange.says(handset, "yes")
    await exchange.until(lambda: "Accepted." in exchange.mouth(handset).spoke)
    assert script.log == ["open", "hear yes", "hear yes"]


async def test_another_answer_to_it_is_taken(exchange: Exchange) -> None:
    handset, script = await exchange.call(Script(says(TERMS), says("Fine.")))
    await handset.until_quiet()
    exchange.says(handset, "yes", seconds=0.3)
    await exchange.until(lambda: TERMS in exchange.mouth(handset).spoke)
    exchange.says(handset, "Colorado", seconds=0.4)
    await exchange.until(lambda: script.log[-1] == "hear Colorado")


async def test_who_has_heard_the_question_answers_it(exchange: Exchange) -> None:
    handset, script = await exchange.call(Script(says(TERMS), says("Accepted.")))
    await handset.until_quiet()
    exchange.says(handset, "yes", seconds=0.3)
    await exchange.until(lambda: TERMS in exchange.mouth(handset).spoke)
    heard = handset.seconds_heard
    await exchange.until(lambda: handset.seconds_heard > heard + 1.0)
    exchange.says(handset, "that's right", seconds=0.4)
    await exchange.until(lambda: script.log[-1] == "hear that's right")
