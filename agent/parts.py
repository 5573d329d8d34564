"""What every conversation in this process shares; put together once, by the composition root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.clock import Clock, SystemClock
from flows.schema import Flow
from stores.db import Database
from tools.base import Ports


@dataclass(frozen=True)
class Parts:
    """The application as a conversation sees it."""

    db: Database
    flows: Mapping[str, Flow]
    ports: Ports = field(default_factory=Ports)
    clock: Clock = field(default_factory=SystemClock)
    public_url: str = "http://127.0.0.1:8000"
    onboarding_number: str = "+13035550100"
