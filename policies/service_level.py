"""How quickly the agent has to answer, and what a breach leads to."""

from __future__ import annotations

from policies.load import Policy, load
from policies.sla import Priority


class Ticket(Policy):
    """What is opened."""

    category: str
    priority: Priority


class ServiceLevelPolicy(Policy):
    """``reply_p95_ms``: milliseconds a day's 95th percentile may reach; judged from ``least_replies`` on."""

    reply_p95_ms: int
    least_replies: int
    ticket: Ticket

    def breached(self, replies: int, p95_ms: int) -> bool:
        """Whether a day's answers were too slow."""
        return replies >= self.least_replies and p95_ms > self.reply_p95_ms


def service_level() -> ServiceLevelPolicy:
    """The policy in force."""
    return load("service_level", ServiceLevelPolicy)
