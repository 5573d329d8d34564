"""A client's own questions and must-haves: kept whole, looked through, said in words (A047, A091, C21)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from policies import lead_rules as policy
from stores.db import Session
from tools import lead_rules
from web.access import Access, May
from web.api.replies import IfMatch, IfNoneMatch, answer, do, unless_changed
from web.api.rules import RulesLint
from web.api.shape import Int, Line, Shape
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}/lead-rules", tags=["rules"])

Key = Annotated[Line, Field(max_length=31, pattern=r"^[a-z][a-z0-9_]{1,30}$", examples=["has_car"])]
Intents = Annotated[
    list[Literal["buyer", "seller", "renter", "investor"]],
    Field(min_length=1, max_length=4, description="Of whom it is asked or wanted."),
]


class OwnQuestion(Shape):
    """A question the agent also asks. ``must``: answers without which a lead is no match."""

    key: Key
    ask: Line = Field(min_length=5, max_length=160, examples=["Do you have a car?"])
    ask_es: str = Field("", max_length=200, examples=["¿Tiene carro?"])
    type: Literal["yes_no", "choice", "number", "text"] = "text"
    choices: list[Line] = Field([], max_length=12)
    of: Intents = ["buyer", "seller", "renter", "investor"]
    must: list[Line] = Field([], max_length=12)


class MustHave(Shape):
    """What a lead must have to be hot: a limit (``at_least``, ``at_most``) or a list (``any_of``)."""

    key: Key = Field(examples=["enough_money"])
    field: Literal["price_max", "price_min", "beds", "timeline_days", "areas", "financing", "represented"]
    at_least: Int | None = Field(None, ge=0)
    at_most: Int | None = Field(None, ge=0)
    any_of: list[Line] = Field([], max_length=50)
    of: Intents = ["buyer", "seller", "renter", "investor"]


class LeadRulesNew(Shape):
    """All questions and must-haves, in the order in which they are asked."""

    questions: list[OwnQuestion] = Field([], max_length=20)
    must_haves: list[MustHave] = Field([], max_length=20)

    def asked(self) -> dict[str, Any]:
        """What the tool is asked for."""
        return self.model_dump(mode="json")


class LeadRules(Shape):
    """The questions and must-haves in force."""

    questions: list[dict[str, Any]]
    must_haves: list[dict[str, Any]]
    explained: list[str] = Field(description="What they do, in words.")


async def look(session: Session, *, lock: bool = False) -> LeadRules:
    """What a reader sees; empty lists while there are none."""
    questions, must_haves = await lead_rules.current(session)
    return LeadRules(
        questions=[q.model_dump(mode="json") for q in questions],
        must_haves=[m.model_dump(mode="json") for m in must_haves],
        explained=policy.explained(questions, must_haves),
    )


@router.get("", response_model=LeadRules)
async def get_lead_rules(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("rules:read"))],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The client's own questions and must-haves, and what they do in words."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, await look(session))


@router.put("", response_model=LeadRules)
async def put_lead_rules(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("rules:write"))],
    body: LeadRulesNew,
    if_match: IfMatch = None,
) -> Response:
    """Replace them. 422 with the reason when they do not hold together or ask what the law forbids."""
    guard = unless_changed(if_match, lambda session: look(session, lock=True))
    await do(request, act, "set_lead_rules", body.asked(), guard=guard)
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await look(session))


@router.post("/lint", response_model=RulesLint)
async def lint_lead_rules(
    request: Request, access: Annotated[Access, Depends(May("rules:read"))], body: LeadRulesNew
) -> Response:
    """Look them through without keeping them."""
    questions = [policy.Question.model_validate(q.model_dump()) for q in body.questions]
    must_haves = [policy.MustHave.model_validate(m.model_dump()) for m in body.must_haves]
    found = {
        "questions": policy.questions_problem(questions),
        "must_haves": policy.must_haves_problem(must_haves),
    }
    problems = {name: why for name, why in found.items() if why}
    said = [] if problems else policy.explained(questions, must_haves)
    return answer(request, RulesLint(problems=problems, explained=said))
