"""CRM vendors by name, and by which route each is connected (A046)."""

from __future__ import annotations

from typing import Literal

from policies.load import Policy, load

Route = Literal["builtin", "oauth", "api_key", "email", "webhook"]


class Vendor(Policy):
    """One vendor. Tier 1 connects by itself, 2 with a specialist, 3 is custom work; 0 is our own list."""

    value: str
    label: str
    tier: int
    route: Route
    also: tuple[str, ...] = ()


class Crms(Policy):
    """The whole file."""

    vendors: tuple[Vendor, ...]


def vendors() -> tuple[Vendor, ...]:
    """Every vendor; the built-in list first."""
    return load("crms", Crms).vendors


def vendor(value: str) -> Vendor:
    """The vendor of that value; KeyError when there is none."""
    for one in vendors():
        if one.value == value:
            return one
    raise KeyError(value)


def waits_for(value: str) -> str:
    """What the connection still needs from the client, as the end of "It waits for ..."; empty for ours."""
    return {
        "builtin": "",
        "oauth": "your approval on the vendor's own page",
        "api_key": "the access key, which you enter on a secure page",
        "email": "the lead e-mail address of your account, which you enter on a secure page",
        "webhook": "the web address we should send leads to, which you enter on a secure page",
    }[vendor(value).route]
