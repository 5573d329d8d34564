"""One contact from hello to goodbye: a caller, a door, and a record of what happened."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from simulate.caller import Caller, Move
from simulate.doors import Door, Heard, ToolSeen
from simulate.state import State, guess


@dataclass(frozen=True)
class Exchange:
    """What the caller did and what came back; ``number`` 0 is the agent's opening."""

    number: int
    move: Move | None
    heard: Heard
    state: State


OnExchange = Callable[[Exchange], None]


@dataclass
class Record:
    """A finished contact."""

    exchanges: list[Exchange] = field(default_factory=list)
    ended_by: str = ""
    seconds: float = 0.0
    state: State = field(default_factory=State)

    @property
    def tools(self) -> list[ToolSeen]:
        """Every tool run, in order."""
        return [tool for exchange in self.exchanges for tool in exchange.heard.tools]

    @property
    def said(self) -> list[str]:
        """Everything the agent said, in order."""
        return [text for exchange in self.exchanges for text in exchange.heard.texts]

    @property
    def latencies(self) -> list[float]:
        """Seconds from the end of the caller's words to the agent's first sound, where both were heard."""
        found = (e.heard.latency for e in self.exchanges if e.number and e.heard.latency is not None)
        return sorted(found)

    @property
    def turns(self) -> int:
        """How often the caller did something."""
        return sum(1 for exchange in self.exchanges if exchange.move is not None)


async def talk(
    caller: Caller,
    door: Door,
    *,
    cues: Mapping[str, Sequence[str]] | None = None,
    on_exchange: OnExchange = lambda exchange: None,
) -> Record:
    """Play the caller through the door until either side ends it (or the script's ``most_turns``).

    The door is always closed. Errors of the service come through as SeiketsuError.
    """
    record, began = Record(), time.monotonic()
    try:
        heard = await door.open()
        move: Move | None = None
        while True:
            state = guess(await door.state(), heard.texts, cues or {})
            exchange = Exchange(len(record.exchanges), move, heard, state)
            record.exchanges.append(exchange)
            caller.remember(heard.texts)
            record.state = state
            on_exchange(exchange)
            if heard.ended or state.ended:
                record.ended_by = "caller" if move is not None and move.do == "hang_up" else "agent"
                break
            if record.turns >= caller.script.most_turns:
                record.ended_by = "too many turns"
                break
            move = caller.move(state, heard.texts)
            heard = await door.act(move)
    finally:
        record.seconds = time.monotonic() - began
        await door.close()
    return record
