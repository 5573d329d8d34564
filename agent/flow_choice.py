"""Which flow a conversation runs: the published version, pinned when it begins, or the shipped one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from loguru import logger

from agent.parts import Parts
from core.errors import NotFound
from core.ids import HOUSE_TENANT
from flows.loader import FlowProblems, load_flow
from flows.schema import Flow
from stores import conversations, flow_versions
from stores.base import Session, tenant_of


async def choose(parts: Parts, session: Session, name: str) -> tuple[Parts, int | None]:
    """For a conversation that begins now: the parts with the flow in force, and its published version.

    None is the shipped flow.
    """
    if tenant_of(session) == HOUSE_TENANT:
        return parts, None
    live = await flow_versions.live_version(session, name)
    if live is None:
        return parts, None
    return _with(parts, name, live)


async def pinned(parts: Parts, session: Session, row: conversations.Conversation) -> Parts:
    """The parts of a conversation that goes on: the version it began with, whatever was published since."""
    if row.published_version is None:
        return parts
    try:
        version = await flow_versions.get_version(session, row.flow, row.published_version)
    except NotFound:
        logger.error("a conversation's flow version is gone; it goes on with the shipped flow")
        return parts
    return _with(parts, row.flow, version)[0]


def _with(parts: Parts, name: str, version: flow_versions.FlowVersion) -> tuple[Parts, int | None]:
    try:
        flow = _read(version.source, name)
    except FlowProblems:
        # it was checked when it was published; the schema has moved on since, and a call has to be answered
        logger.error("version {} of a client's flow cannot be read any more", version.version)
        return parts, None
    return replace(parts, flows={**parts.flows, name: flow}), version.version


@lru_cache(maxsize=256)
def _read(source: str, name: str) -> Flow:
    return load_flow(source, f"{name}.yaml")
