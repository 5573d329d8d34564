"""A client's own questions and must-haves: set, looked through, and said back in words (A047, A091, C21)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from policies import lead_rules as policy
from policies import rule_words
from policies.lead_rules import MustHave, Question
from stores import lead_rules, tenancy
from stores.db import Session
from tools.base import Args, NoArgs, ToolContext, ToolResult, refused, tool, unchanged


class LeadRulesArgs(Args):
    """Each list replaces all of its kind; what is not named stays. ``question``: one more, in words."""

    questions: list[Question] | None = None
    must_haves: list[MustHave] | None = None
    question: str | None = Field(None, max_length=200)


async def put_back(ctx: ToolContext, session: Session, undo: dict[str, Any]) -> ToolResult:
    """The rules as they were."""
    for kind, specs in undo.items():
        await lead_rules.replace_lead_rules(session, kind, specs)
    return ToolResult(status="undone", after=undo)


@tool("set_lead_rules", LeadRulesArgs, undo=put_back, statuses=("saved",), facts=("lead_rules",))
async def set_lead_rules(ctx: ToolContext, session: Session, args: LeadRulesArgs) -> ToolResult:
    """Set the client's own questions and must-haves; nothing the law protects may be asked or weighed."""
    have, needs = await current(session)
    questions = list(args.questions) if args.questions is not None else have
    must_haves = list(args.must_haves) if args.must_haves is not None else needs
    if args.question:
        try:
            questions = [*questions, policy.question_from_words(args.question, [q.key for q in questions])]
        except ValueError as error:
            return refused(str(error), own_question=str(error))
    if problem := policy.questions_problem(questions):
        return refused(problem, own_question=problem)
    if problem := policy.must_haves_problem(must_haves):
        return refused(problem)
    before = _plain(have, needs)
    after = _plain(questions, must_haves)
    for kind, specs in after.items():
        await lead_rules.replace_lead_rules(session, kind, specs)
    said = " ".join(policy.explained(questions, must_haves))
    return ToolResult(status="saved", facts={"lead_rules": said}, undo=before, before=before, after=after)


@tool("explain_rules", NoArgs, writes=False, statuses=("explained", "standard"), facts=("rules_in_words",))
async def explain_rules(ctx: ToolContext, session: Session, args: NoArgs) -> ToolResult:
    """All of the client's rules in words."""
    rules = await tenancy.get_rules(session)
    told = []
    if rules is not None:
        fields = ("criteria", "hot_rule", "routing", "follow_up", "compliance")
        told = rule_words.explain({name: getattr(rules, name) for name in fields})
    told += policy.explained(*await current(session))
    return unchanged("explained" if rules is not None else "standard", rules_in_words=" ".join(told))


async def add_question(session: Session, words: str) -> str | None:
    """One more question, said in words; why it cannot be asked, or None when it is kept."""
    have, _ = await current(session)
    try:
        asked = policy.question_from_words(words, [q.key for q in have])
    except ValueError as error:
        return str(error)
    if any(q.ask == asked.ask for q in have):
        return None
    if problem := policy.questions_problem([*have, asked]):
        return problem
    specs = [q.model_dump(mode="json") for q in (*have, asked)]
    await lead_rules.replace_lead_rules(session, "question", specs)
    return None


async def current(session: Session) -> tuple[list[Question], list[MustHave]]:
    """The client's own questions and must-haves, in their order."""
    rows = await lead_rules.lead_rules(session)
    return (
        [Question.model_validate(r.spec) for r in rows if r.kind == "question"],
        [MustHave.model_validate(r.spec) for r in rows if r.kind == "must_have"],
    )


def _plain(questions: list[Question], must_haves: list[MustHave]) -> dict[str, Any]:
    return {
        "question": [q.model_dump(mode="json") for q in questions],
        "must_have": [m.model_dump(mode="json") for m in must_haves],
    }
