"""Running tools: validate, replay, work outside, then one transaction with the write and its proof (C44).

The index is rebuilt from the folder: adding a verb is adding a ``@tool`` to a module here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from loguru import logger
from pydantic import ValidationError

import tools
from core.errors import Conflict, NotFound, SeiketsuError
from flows.linter import ToolSpec
from stores import receipts
from stores.db import Session
from tools import delivery
from tools.base import Args, Tool, ToolContext, ToolResult


class _Refusal(Exception):
    """Carries a refusal out of the transaction, which rolls back."""

    def __init__(self, result: ToolResult):
        super().__init__(result.status)
        self.result = result


@cache
def index() -> Mapping[str, Tool]:
    """Every tool by name. A name that is used twice is an error."""
    found: dict[str, Tool] = {}
    for info in pkgutil.iter_modules(tools.__path__):
        module = importlib.import_module(f"tools.{info.name}")
        for one in vars(module).values():
            if isinstance(one, Tool) and one.handler.__module__ == module.__name__:
                if one.name in found:
                    raise TypeError(f"two tools are called {one.name}")
                found[one.name] = one
    return found


def get(name: str) -> Tool:
    """The tool of that name. NotFound."""
    try:
        return index()[name]
    except KeyError:
        raise NotFound(f"no tool is called {name[:40]!r}") from None


def specs() -> dict[str, ToolSpec]:
    """The tools as the flow linter sees them."""
    return {
        name: ToolSpec(
            args=tuple(one.args.model_fields),
            required=tuple(n for n, f in one.args.model_fields.items() if f.is_required()),
            statuses=one.statuses or None,
            facts=one.facts,
        )
        for name, one in index().items()
    }


async def run(ctx: ToolContext, name: str, args: Mapping[str, Any], *, key: str) -> ToolResult:
    """Run a tool once per ``key`` and return what came of it.

    The same key again returns the first result without writing, unless that write was undone or
    overtaken by a later one of the same tool in this conversation: then it is written again. A result
    that is not ``ok`` left nothing behind. Raises NotFound (no such tool) and what the outside raises
    (Unavailable ...); anything unforeseen becomes a SeiketsuError without personal data.
    """
    one = get(name)
    parsed = _parse(one, args)
    if isinstance(parsed, ToolResult):
        return parsed
    ctx = _placed(ctx, one)
    done = await _done_before(ctx, one, key)
    if isinstance(done, ToolResult):
        return done
    try:
        outside = dict(await one.before(ctx, parsed)) if one.before else {}
        ctx = replace(ctx, outside=outside)
        try:
            return await _write(ctx, one, parsed, key=done)
        except BaseException:
            await _give_back(ctx, one)
            raise
    except _Refusal as refusal:
        return refusal.result
    except Conflict:
        # two runs of one key met: the other one has written
        again = await _done_before(ctx, one, key)
        if isinstance(again, ToolResult):
            return again
        raise
    except SeiketsuError:
        raise
    except Exception as error:
        logger.error("tool {} broke: {}", name, _where(error))
        raise SeiketsuError(f"the tool {name} failed", code="tool_failed") from None


async def undo(ctx: ToolContext, receipt_id: UUID) -> ToolResult:
    """Take one write of this conversation back, in one transaction with its audit row. NotFound."""
    for tenant_id in _tenants(ctx):
        async with ctx.db.tenant(tenant_id) as session:
            past = await receipts.receipts(session, ctx.conversation_id)
            found = next((r for r in past if r.id == receipt_id), None)
            if found is None:
                continue
            result = await _undo(_acting_as(ctx, tenant_id), session, found, past)
        await _tell_carrier(ctx, result)
        return result
    raise NotFound("no such receipt")


async def undo_latest(ctx: ToolContext) -> tuple[str, ToolResult] | None:
    """ "Undo that": the newest write of this conversation that can be taken back, and what came of it."""
    newest: tuple[UUID, UUID, str] | None = None
    for tenant_id in _tenants(ctx):
        async with ctx.db.tenant(tenant_id) as session:
            found = await receipts.latest_undoable(session, ctx.conversation_id)
            if found is not None and (newest is None or found.id > newest[1]):
                newest = (tenant_id, found.id, found.tool)
    if newest is None:
        return None
    return newest[2], await undo(ctx, newest[1])


# -- the parts ---------------------------------------------------------------------------------------


def _parse(one: Tool, args: Mapping[str, Any]) -> Args | ToolResult:
    try:
        return one.args.model_validate({k: v for k, v in args.items() if v is not None})
    except ValidationError as error:
        slots = {
            str(e["loc"][0]): e["msg"].removeprefix("Value error, ")
            for e in error.errors(include_url=False, include_context=False, include_input=False)
            if e["loc"]
        }
        return ToolResult(
            status="invalid", ok=False, message="Something in there can't be right.", slots=slots
        )


def _placed(ctx: ToolContext, one: Tool) -> ToolContext:
    """The context with the tenant this tool writes to as its subject."""
    if one.at_home:
        return replace(ctx, subject=None)
    if one.creates_tenant and ctx.subject is None:
        return replace(ctx, subject=tenant_of_conversation(ctx.conversation_id))
    return ctx


def tenant_of_conversation(conversation_id: UUID) -> UUID:
    """The id of the tenant a conversation registers: always the same, so a retry cannot make a second one.

    It keeps the conversation's timestamp (UUIDv7), so that clients still sort by when they came.
    """
    flipped = conversation_id.int ^ 0x5EED_5EED_5EED_5EED & ((1 << 62) - 1)
    return UUID(int=flipped)


async def _done_before(ctx: ToolContext, one: Tool, key: str) -> ToolResult | str:
    """The result to replay, or the key under which to write."""
    async with ctx.db.tenant(ctx.tenant) as session:
        talked = [] if ctx.act else await receipts.receipts(session, ctx.conversation_id)
        past = [r for r in talked if r.tool == one.name] or await _by_key(session, key)
    mine = [r for r in past if r.key == key or r.key.startswith(f"{key}#")]
    standing = [r for r in past if r.undone_at is None]
    if mine and standing and mine[-1] is standing[-1] and not one.repeatable:
        return ToolResult.model_validate(mine[-1].result | {"receipt_id": mine[-1].id})
    return key if not mine else f"{key}#{len(mine) + 1}"


async def _by_key(session: Session, key: str) -> list[receipts.Receipt]:
    found = await receipts.find_receipt(session, key)
    return [found] if found is not None else []


async def _write(ctx: ToolContext, one: Tool, args: Args, *, key: str) -> ToolResult:
    async with ctx.db.tenant(ctx.tenant) as session:
        if ctx.guard is not None:
            await ctx.guard(session)
        result = await one.handler(ctx, session, args)
        if not result.ok:
            raise _Refusal(result)
        if one.writes and result.wrote:
            receipt = await receipts.write_receipt(
                session,
                tool=one.name,
                key=key,
                arguments=args.model_dump(mode="json", exclude_none=True),
                result=result.model_dump(mode="json", exclude={"undo", "receipt_id"}),
                status=result.status,
                conversation_id=ctx.talk,
                undo=result.undo,
            )
            await _audit(ctx, session, one.name, str(receipt.id), result.before, result.after)
            result.receipt_id = receipt.id
    if one.writes and result.wrote:
        delivery.soon(ctx.db, ctx.ports.mail, ctx.clock, ctx.tenant)
        if ctx.ports.jobs is not None:
            ctx.ports.jobs.nudge()
    await _tell_carrier(ctx, result)
    return result


async def _undo(
    ctx: ToolContext, session: Session, found: receipts.Receipt, past: Sequence[receipts.Receipt]
) -> ToolResult:
    one = index().get(found.tool)
    if found.undone_at is not None:
        return ToolResult(status="already_undone", ok=False, message="That was taken back already.")
    if one is None or one.undo is None or found.undo is None:
        return ToolResult(status="not_undoable", ok=False, message="That can't be taken back.")
    if any(r.tool == found.tool and r.undone_at is None and r.id > found.id for r in past):
        return ToolResult(status="overtaken", ok=False, message="That was changed again since.")
    result = await one.undo(ctx, session, dict(found.undo))
    if result.ok:
        await receipts.mark_undone(session, found.id, at=ctx.clock.now())
        await _audit(ctx, session, f"undo {found.tool}", str(found.id), result.before, result.after)
        result.receipt_id = found.id
    return result


async def _audit(
    ctx: ToolContext,
    session: Session,
    action: str,
    subject: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    await receipts.audit(
        session,
        actor=f"{ctx.actor}/{ctx.channel}",
        action=action,
        subject=subject,
        at=ctx.clock.now(),
        before=before,
        after=after,
    )


async def _give_back(ctx: ToolContext, one: Tool) -> None:
    if one.give_back is None or not ctx.outside:
        return
    try:
        await one.give_back(ctx, ctx.outside)
    except SeiketsuError as error:
        # the next try finds it again under the same key; the sweep of unused numbers gets the rest
        logger.warning("tool {} could not give back what it took: {}", one.name, error.code)


async def _tell_carrier(ctx: ToolContext, result: ToolResult) -> None:
    """Give freed lines back, now that the store has let go of them."""
    for line in result.released:
        try:
            if ctx.ports.numbers is not None:
                await ctx.ports.numbers.release(line["e164"], line["sid"])
        except SeiketsuError as error:
            logger.warning("a freed number could not be given back: {}", error.code)


def _tenants(ctx: ToolContext) -> Sequence[UUID]:
    return (ctx.tenant, ctx.home) if ctx.tenant != ctx.home else (ctx.home,)


def _acting_as(ctx: ToolContext, tenant_id: UUID) -> ToolContext:
    return replace(ctx, subject=None if tenant_id == ctx.home else tenant_id)


def _where(error: Exception) -> str:
    """The kind of an unforeseen error and where it arose; never its text, which may quote a caller."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" in {trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"
