"""A client's telephone line: found outside the transaction, claimed inside it, given back when that fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import Conflict
from integrations.numbers import is_area_code
from policies.standards import area_code
from stores import tenancy
from stores.db import Session
from tools.base import ToolContext


def area_codes(ctx: ToolContext, *wishes: str | None) -> list[str]:
    """Area codes to try in order: the wishes' (codes or E.164 numbers), then the onboarding number's."""
    found: list[str] = []
    for wish in (*wishes, ctx.ports.onboarding_number):
        code = wish if wish and len(wish) == 3 else area_code(wish)
        if code and is_area_code(code) and code not in found:
            found.append(code)
    return found


async def reserve(ctx: ToolContext, codes: Sequence[str]) -> dict[str, Any]:
    """Candidates in the first area code that has any. Empty when numbers are sold out or not to be had."""
    if ctx.ports.numbers is None:
        return {}
    for code in codes:
        found = await ctx.ports.numbers.find(code, key=f"{ctx.tenant}:{code}")
        free = [number for number in found.candidates if number not in own_numbers(ctx)]
        if free:
            return {
                "candidates": free,
                "provider": found.provider,
                "sid": found.sid,
                "area": code,
            }
    return {}


def own_numbers(ctx: ToolContext) -> set[str]:
    """Numbers the client has already, which are no new line of theirs."""
    named = (
        ctx.slots.get(name) for name in ("existing_number", "admin_mobile", "main_phone", "transfer_number")
    )
    return {str(number) for number in (*named, ctx.caller) if number}


async def claim(session: Session, outside: Mapping[str, Any], **fields: Any) -> tenancy.PhoneNumber | None:
    """Make one of the candidates the client's; None when there is none left."""
    if not outside.get("candidates"):
        return None
    try:
        return await tenancy.claim_number(
            session,
            outside["candidates"],
            provider=outside["provider"],
            provider_sid=outside.get("sid"),
            **fields,
        )
    except Conflict:
        return None


async def give_back(ctx: ToolContext, outside: Mapping[str, Any]) -> None:
    """Return a number that was bought for a write that did not happen, unless another run has claimed it."""
    if not outside.get("sid"):
        return
    e164 = outside["candidates"][0]
    async with ctx.db.tenant(ctx.tenant) as session:
        if any(line.e164 == e164 for line in await tenancy.numbers(session)):
            return
    await ctx.ports.numbers.release(e164, outside["sid"])


async def let_go(session: Session, line: tenancy.PhoneNumber) -> dict[str, str | None]:
    """Free a line in the store; what the carrier must be told once the transaction has committed."""
    await tenancy.release_number(session, line.e164)
    return {"e164": line.e164, "sid": line.provider_sid}


async def current(session: Session) -> tenancy.PhoneNumber | None:
    """The client's line, if it has one."""
    lines = await tenancy.numbers(session)
    return lines[0] if lines else None


def shown(e164: str) -> str:
    """A North American number as people write it: (303) 555-0142."""
    if e164.startswith("+1") and len(e164) == 12:
        return f"({e164[2:5]}) {e164[5:8]}-{e164[8:]}"
    return e164
