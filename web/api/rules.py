"""How leads are scored, shared and followed up: kept whole, looked through, said in words (A047)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from core.errors import NotFound
from policies import rule_words
from stores import tenancy
from stores.db import Session
from web.access import Access, May
from web.api.replies import IfMatch, IfNoneMatch, answer, do, unless_changed
from web.api.shape import Bool, Int, Line, Shape, view
from web.idempotency import Act, Once
from web.parts import PartsDep

router = APIRouter(prefix="/api/v1/tenants/{tenant}/rules", tags=["rules"])


class HotRule(Shape):
    """A lead is hot from this score, or when the conditions that are set hold: all, or any of them."""

    score: Int = Field(80, ge=1, le=100)
    days: Int | None = Field(30, ge=0, le=730, description="Moves within so many days.")
    financing: list[Literal["cash", "preapproved", "talking", "not_yet", "declined"]] = Field(
        ["cash", "preapproved"], max_length=5
    )
    price_from: Int | None = Field(None, ge=1, description="Would pay so many dollars or more.")
    appointment: Bool = Field(False, description="Wishes to see a home or to meet.")
    any_of: Bool = Field(False, description="One of the conditions is enough.")
    intents: list[Literal["buyer", "seller", "renter", "investor"]] = Field([], max_length=4)


class FollowUpStep(Shape):
    """One step after the call: a message, or a call the agent places if its gate allows it then."""

    minutes: Int = Field(ge=0, le=525_600)
    channel: Literal["email", "sms", "call"]
    template: str = Field(max_length=60, examples=["thanks"])
    stop: list[Literal["reply", "opt_out", "appointment"]] = ["reply", "opt_out", "appointment"]


class RoutingRule(Shape):
    """Leads with these facts go to these people (ids or e-mail addresses)."""

    when: dict[str, Any] = Field(min_length=1, max_length=10, examples=[{"areas": ["Aurora"]}])
    to: list[Line] = Field(min_length=1, max_length=50)


class Routing(Shape):
    """Who gets a lead; what nobody claims in time goes to the fallback."""

    mode: str = Field("round_robin", max_length=40, examples=["round_robin"])
    fallback: Line = Field("admin", max_length=254)
    claim_minutes: Int = Field(15, ge=1, le=1440)
    rules: list[RoutingRule] = Field([], max_length=100)

    def stored(self) -> dict[str, Any]:
        """As the store keeps it: without rules where there are none."""
        return self.model_dump(mode="json", exclude={"rules"} if not self.rules else None)


class RulesNew(Shape):
    """All rules. Fair housing is agreed to once, before the first."""

    criteria: dict[str, Int] = Field(
        description="Points for each thing known of a lead; 100 in all.",
        max_length=6,
        examples=[
            {"location": 15, "price": 20, "motivation": 25, "agent": 10, "mortgage": 20, "appointment": 10}
        ],
    )
    hot_rule: HotRule
    routing: Routing
    follow_up: list[FollowUpStep] = Field([], max_length=20)
    recording: Literal["announce", "off"] | None = Field(None, description="null: as it is.")
    fair_housing_ack: Bool | None = None

    def asked(self) -> dict[str, Any]:
        """What the tool is asked for."""
        return {
            "criteria": dict(self.criteria),
            "hot_rule": self.hot_rule.model_dump(mode="json"),
            "routing": self.routing.stored(),
            "follow_up": [step.model_dump(mode="json") for step in self.follow_up],
            "recording": self.recording,
            "fair_housing_ack": self.fair_housing_ack,
        }


class Rules(Shape):
    """The rules in force. ``version`` counts changes."""

    version: int
    criteria: dict[str, Any]
    hot_rule: dict[str, Any]
    routing: dict[str, Any]
    follow_up: list[dict[str, Any]]
    compliance: dict[str, Any] = Field(description="What the law adds. Only recording can be chosen.")
    explained: list[str] = Field(description="What the rules do, in words.")
    updated_at: datetime


class RulesLint(Shape):
    """Whether rules would be taken, and what they would do."""

    problems: dict[str, str] = Field(description="Field -> why it cannot be so; empty: all is well.")
    explained: list[str]


async def look(session: Session, *, lock: bool = False) -> Rules | None:
    """What a reader sees; None while there are no rules."""
    row = await tenancy.get_rules(session, lock=lock)
    if row is None:
        return None
    said = rule_words.explain(
        {
            "criteria": row.criteria,
            "hot_rule": row.hot_rule,
            "routing": row.routing,
            "follow_up": row.follow_up,
            "compliance": row.compliance,
        }
    )
    return view(Rules, row, explained=said)


async def _found(session: Session) -> Rules:
    found = await look(session)
    if found is None:
        raise NotFound("there are no rules yet; PUT them")
    return found


@router.get("", response_model=Rules)
async def get_rules(
    request: Request,
    parts: PartsDep,
    access: Annotated[Access, Depends(May("rules:read"))],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The rules, and what they do in words. 404 until there are any."""
    async with parts.db.tenant(access.tenant_id) as session:
        return answer(request, await _found(session))


@router.put("", response_model=Rules)
async def put_rules(
    request: Request,
    parts: PartsDep,
    act: Annotated[Act, Depends(Once("rules:write"))],
    body: RulesNew,
    if_match: IfMatch = None,
) -> Response:
    """Replace the rules. 422 with every reason at once when they do not hold together."""
    guard = unless_changed(if_match, lambda session: look(session, lock=True))
    await do(request, act, "put_rules", body.asked(), guard=guard)
    async with parts.db.tenant(act.tenant_id) as session:
        return answer(request, await _found(session))


@router.post("/lint", response_model=RulesLint)
async def lint_rules(
    request: Request, access: Annotated[Access, Depends(May("rules:read"))], body: RulesNew
) -> Response:
    """Look rules through without keeping them."""
    asked = body.asked()
    found = rule_words.problems(asked)
    said = [] if found else rule_words.explain(asked | {"compliance": {"recording": body.recording}})
    return answer(request, RulesLint(problems=found, explained=said))
