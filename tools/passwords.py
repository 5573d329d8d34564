"""Passwords: hashed with argon2id, away from the loop that carries the sound; and drawn at random."""

from __future__ import annotations

import asyncio
import secrets
from weakref import WeakKeyDictionary

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

_HASHER = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1),))
"""OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, two passes, one lane."""

_AT_ONCE = 2
"""Hashes that are computed at the same time: each holds a processor and 19 MiB."""

_gates: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
_ALPHABETS = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789")
"""Without what is mixed up when it is copied by hand: I l 1, O o 0."""


def _gate() -> asyncio.Semaphore:
    return _gates.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))


async def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    async with _gate():
        return await asyncio.to_thread(_HASHER.hash, password)


async def verify(password: str, known: str | None) -> tuple[bool, str | None]:
    """Whether it is the password, and a new hash to store when the parameters have grown since.

    Without a hash to compare with it takes as long, and is wrong: who asks cannot tell whether there is one.
    """
    async with _gate():
        right, renewed = await asyncio.to_thread(_verify, password, known or _nobodys())
    return (right, renewed) if known is not None else (False, None)


def _verify(password: str, known: str) -> tuple[bool, str | None]:
    try:
        return _HASHER.verify_and_update(password, known)
    except UnknownHashError:
        return False, None


_NOBODY: list[str] = []


def _nobodys() -> str:
    """The hash of a password that nobody has; made once."""
    if not _NOBODY:
        _NOBODY.append(_HASHER.hash(secrets.token_urlsafe(32)))
    return _NOBODY[0]


def temporary_password() -> str:
    """Four groups of four, easy to copy by hand; about 90 bits."""
    every = "".join(_ALPHABETS)
    while True:
        drawn = "".join(secrets.choice(every) for _ in range(16))
        if all(set(drawn) & set(kind) for kind in _ALPHABETS):
            return "-".join(drawn[i : i + 4] for i in range(0, 16, 4))
