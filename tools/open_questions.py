"""What a caller asked that an agent has to answer: a task, and a line in the lead, once (A047, A092).

A question often comes before there is a lead. The receipts of the conversation hold what was asked in it, and
the lead that is saved later takes the tasks over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from policies.knowledge import content_words
from policies.scrub import scrub
from stores import leads
from stores.db import Session
from stores.receipts import Receipt, receipts
from tools.base import ToolContext

ASKS = "answer_question"
"""The tool that puts a question to an agent ..."""
OPEN = "unknown"
"""... and what it answers then."""
LONGEST = 300
"""Characters of a question that are written down."""
ANSWER_WITHIN = timedelta(hours=4)
ALIKE = 0.75
"""Share of their words (Dice) from which two questions about the same home are one, asked again."""


async def note(ctx: ToolContext, session: Session, question: str, about: str) -> str:
    """Ask an agent to answer; the id of the task, of the earlier one where the same was asked before.

    Nothing about protected groups is written down (C24).
    """
    words = in_words(question, about)
    for receipt in await _open(session, ctx.conversation_id):
        held = receipt.arguments
        if held.get("about", "") == about and _same(str(held["question"]), question):
            return str(receipt.result["facts"]["task_id"])
    lead = await leads.lead_of_conversation(session, ctx.conversation_id)
    task = await leads.add_task(
        session,
        kind="question",
        title=f"Answer the caller's question: {words or 'see the transcript'}",
        due_at=ctx.clock.now() + ANSWER_WITHIN,
        lead_id=lead.id if lead else None,
    )
    return str(task.id)


async def asked_in(session: Session, conversation_id: UUID) -> list[str]:
    """The questions of a conversation that an agent has to answer, in their order, each once."""
    noted: dict[str, str] = {}
    for receipt in await _open(session, conversation_id):
        words = in_words(str(receipt.arguments["question"]), str(receipt.arguments.get("about", "")))
        if words:
            noted.setdefault(str(receipt.result["facts"]["task_id"]), words)
    return list(noted.values())


async def attach(session: Session, conversation_id: UUID, lead: leads.Lead) -> None:
    """The tasks of questions that came before the lead are the lead's."""
    for receipt in await _open(session, conversation_id):
        task = await leads.find_task(session, UUID(receipt.result["facts"]["task_id"]))
        if task is not None and task.lead_id is None:
            task.lead_id = lead.id


def in_words(question: str, about: str) -> str:
    """A question as it is written down, with the home it is about where it does not name it; "" for none."""
    clean = scrub(question)[:LONGEST].strip()
    named = not about or about.split(",")[0].lower() in clean.lower()
    return clean if named or not clean else f"{clean} (about {about})"


def _same(one: str, other: str) -> bool:
    mine, theirs = content_words(one), content_words(other)
    if not mine or not theirs:
        return one.strip(" ?.!").lower() == other.strip(" ?.!").lower()
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) >= ALIKE


async def _open(session: Session, conversation_id: UUID) -> Sequence[Receipt]:
    past = await receipts(session, conversation_id)
    asked = [r for r in past if r.tool == ASKS and r.status == OPEN]
    return [r for r in asked if (r.result.get("facts") or {}).get("task_id")]  # none once it was erased
