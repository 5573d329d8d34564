"""How people prove who they are: passwords, sessions, guessing, second factors and keys (A034, A039)."""

from __future__ import annotations

import re

from policies.load import Policy, load
from policies.rights import Role


class PasswordRule(Policy):
    """Lengths in characters; ``refused``: what everybody tries first."""

    shortest: int
    longest: int
    refused: list[str]


class SessionRule(Policy):
    """How long a sign-in lasts: unused, and at all."""

    idle_hours: int
    longest_days: int
    seen_every_seconds: int


class Pace(Policy):
    """``free`` tries, then a wait that doubles from ``first_seconds`` to ``longest_seconds``."""

    free: int
    first_seconds: float
    longest_seconds: float
    forgotten_minutes: int


class Attempts(Policy):
    """How quickly one account, and one address, may try; how often a letter may be asked for.

    ``keys_per_minute``: API keys from one address that may be wrong before the next are not looked at.
    """

    account: Pace
    address: Pace
    letters: Pace
    keys_per_minute: float


class TwoFactor(Policy):
    """Codes of an authenticator app (RFC 6238). ``required_of``: roles that may do nothing without."""

    required_of: list[Role]
    issuer: str
    drift_steps: int
    recovery_codes: int


class KeyRule(Policy):
    """API keys of one organisation. ``end_with_maker``: who is removed takes the keys they made with them."""

    end_with_maker: bool
    most: int
    overlap_hours: int
    longest_overlap_hours: int


class SignIn(Policy):
    """The whole file."""

    password: PasswordRule
    temporary_hours: int
    setup_hours: int
    invitation_hours: int
    reset_minutes: int
    session: SessionRule
    attempts: Attempts
    two_factor: TwoFactor
    keys: KeyRule


def sign_in() -> SignIn:
    """The rules, from sign_in.yaml."""
    return load("sign_in", SignIn)


def password_problem(password: str, *, about: tuple[str, ...] = ()) -> str | None:
    """Why a password cannot be taken, as a sentence; None when it can.

    ``about``: words an attacker knows (name, address, organisation); a password may not be made of them.
    """
    rule = sign_in().password
    if len(password) < rule.shortest:
        return f"A password needs at least {rule.shortest} characters. Four words in a row do nicely."
    if len(password) > rule.longest:
        return f"A password has at most {rule.longest} characters."
    if len(set(password)) < 5:
        return "That is too easy to guess. Please use more different characters."
    left = re.sub(r"[\W_]+", "", password.casefold())
    for known in (*rule.refused, *_parts(about)):
        left = left.replace(known, "")
    if len(re.sub(r"\d+", "", left)) < 5:
        return "That is too easy to guess. Please choose words that have nothing to do with you."
    return None


def _parts(about: tuple[str, ...]) -> list[str]:
    words = {w for text in about for w in re.split(r"[\W_]+", text.casefold()) if len(w) >= 3}
    return sorted(words, key=len, reverse=True)
