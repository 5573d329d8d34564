"""A number that the client has already is never given out as a new line (A044)."""

from __future__ import annotations

from types import SimpleNamespace

from integrations.numbers import FictionalNumbers
from tools.lines import reserve


async def test_ones_own_number_is_no_new_line() -> None:
    own = "+18165550100"
    ctx = SimpleNamespace(
        ports=SimpleNamespace(numbers=FictionalNumbers()),
        slots={"existing_number": own},
        caller=None,
        tenant="t",
    )
    found = await reserve(ctx, ["816"])  # type: ignore[arg-type]
    assert own not in found["candidates"] and found["candidates"][0] == "+18165550101"
