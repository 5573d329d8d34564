"""The page for a client's own questions, without a script: what is asked, one more, one less (A091)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from core.errors import NotAllowed, SeiketsuError
from core.ids import new_id
from policies import lead_rules as policy
from tools import acts, lead_rules
from web.access import Principal, principal
from web.parts import parts_of
from web.sign_in import account_of
from web.sign_in_pages import Page, form_of, page

router = APIRouter(include_in_schema=False, route_class=Page)
Own = Annotated[Principal, Depends(principal)]
HERE = "/account/questions"


async def _sheet(
    request: Request, who: Principal, problem: str = "", said: str = "", status: int = 200
) -> Response:
    tenant_id, _ = account_of(who)
    async with parts_of(request).db.tenant(tenant_id) as session:
        questions, must_haves = await lead_rules.current(session)
    facts: dict[str, Any] = {
        "questions": questions,
        "explained": policy.explained(questions, must_haves),
        "may_write": who.may("rules:write"),
        "problem": problem,
        "said": said,
    }
    return page(request, "account/questions.html", status, **facts)


@router.get(HERE)
async def questions(request: Request, who: Own) -> Response:
    """What the agent asks besides, and what that means in words."""
    if not who.may("rules:read"):
        raise NotAllowed("this needs the right rules:read")
    return await _sheet(request, who)


@router.post(HERE)
async def add_question(request: Request, who: Own) -> Response:
    """One more, in one's own words ("whether they have a car")."""
    said = (await form_of(request)).get("question", "")
    return await _change(request, who, {"question": said[:200]}, said)


@router.post(f"{HERE}/remove")
async def remove_question(request: Request, who: Own) -> Response:
    """One less."""
    key = (await form_of(request)).get("key", "")
    tenant_id, _ = account_of(who)
    async with parts_of(request).db.tenant(tenant_id) as session:
        have, _ = await lead_rules.current(session)
    kept = [q.model_dump(mode="json") for q in have if q.key != key]
    return await _change(request, who, {"questions": kept})


async def _change(request: Request, who: Principal, args: Mapping[str, Any], said: str = "") -> Response:
    if not who.may("rules:write"):
        raise NotAllowed("this needs the right rules:write")
    parts = parts_of(request)
    tenant_id, _ = account_of(who)
    try:
        await acts.run(
            parts.db,
            parts.clock,
            parts.ports,
            "set_lead_rules",
            args,
            tenant_id=tenant_id,
            actor=who.id,
            key=f"questions:{new_id()}",
            channel="page",
            public_url=parts.public_url,
        )
    except SeiketsuError as error:
        why = next((p.message for p in error.problems), "") or str(error)
        return await _sheet(request, who, why, said, error.status)
    return RedirectResponse(HERE, 303)
