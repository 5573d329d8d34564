"""Who may do what: roles and their rights (A039)."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import model_validator

from policies.load import Policy, load

Role = Literal["operator", "staff", "owner", "admin", "agent", "viewer"]
MEMBER_ROLES: tuple[Role, ...] = ("owner", "admin", "agent", "viewer")
"""Roles of a client's own people, strongest first."""


class RoleRights(Policy):
    """``all``: in every tenant; ``own``: in the tenant the person belongs to."""

    all: list[str] = []
    own: list[str] = []


class Rights(Policy):
    """The whole table: nouns with what they mean, roles with their rights."""

    rights: dict[str, str]
    roles: dict[Role, RoleRights]
    house: dict[Role, Role]

    @model_validator(mode="after")
    def _known(self) -> Rights:
        for role, rights in self.roles.items():
            for right in (*rights.all, *rights.own):
                noun, _, verb = right.partition(":")
                if right != "*" and (noun not in self.rights or verb not in ("read", "write", "*")):
                    raise ValueError(f"{role}: {right} is no right")
        return self


@cache
def rights() -> Rights:
    """The table, from rights.yaml."""
    return load("rights", Rights)


def all_rights() -> tuple[str, ...]:
    """Every single right there is: ``leads:read``, ``leads:write`` ..."""
    return tuple(f"{noun}:{verb}" for noun in rights().rights for verb in ("read", "write"))


def allows(role: Role, right: str) -> bool:
    """Whether a role has a right (where it may act at all)."""
    of = rights().roles[role]
    return covers((*of.all, *of.own), right)


def across_tenants(role: Role) -> bool:
    """Whether the role acts in every tenant."""
    return bool(rights().roles[role].all)


def covers(held: tuple[str, ...] | frozenset[str], right: str) -> bool:
    """Whether a set of rights (with ``*`` and ``noun:*``) holds one."""
    return "*" in held or right in held or f"{right.partition(':')[0]}:*" in held


def house_role(role: Role) -> Role:
    """What a member of the platform's own organisation is on the platform; other roles stay what they are."""
    return rights().house.get(role, role)


def may_change(actor: Role, person: Role) -> bool:
    """Whether somebody may give, change or take away a role: never one above their own."""
    if actor not in MEMBER_ROLES:
        return covers(tuple(rights().roles[actor].all), "users:write")
    return MEMBER_ROLES.index(actor) <= MEMBER_ROLES.index(person)
