"""A file sealed piece by piece: read, changed and lengthened at any place, never whole in memory (A030, C31).

On disk: which key, a salt, the head, the pieces. The head holds the length and the first bytes, so that what
describes a file (the header of a WAV) and how long it is change in one small write, behind the sound: whoever
dies in between leaves the shorter file. Every piece is AES-256-GCM under a key of this file alone (HKDF of
the client's key, the salt, the client, the name) and bound to its place; a file that was cut short, or that
lies where another one was, does not open.
"""

from __future__ import annotations

import fcntl
import io
import os
import secrets
import struct
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from stores.vault import Unreadable

MAGIC: Final = b"SKSEAL1\n"
_START = struct.Struct("<8sI16s")
"""Magic, the key's number, the salt."""
_LENGTH = struct.Struct("<Q")
FIRST: Final = 64
"""Bytes of the content that lie in the head."""
PIECE: Final = 16 * 1024
"""Bytes of the content in every piece but the last."""
_NONCE, _OVER = 12, 28
_HEAD: Final = _LENGTH.size + FIRST + _OVER


def key_number(path: Path) -> int | None:
    """The number of the key a file is sealed with; None when it is not sealed. Blocking."""
    with path.open("rb") as file:
        start = file.read(_START.size)
    if not start.startswith(MAGIC):
        return None
    if len(start) < _START.size:
        raise Unreadable("a sealed file ends in its first line")
    number: int = _START.unpack(start)[1]
    return number


class SealedFile(io.RawIOBase):
    """An open sealed file; blocking. A read fills what it can, a write takes everything.

    ``name``: what the file is sealed as, its client and its name. With ``change`` it is made if need be,
    readable by its owner only, and nobody else changes it until it is closed. Raises Unreadable, OSError.
    """

    def __init__(self, path: Path, key: bytes, number: int, name: str, *, change: bool = False):
        self._change = change
        flags = os.O_RDWR | os.O_CREAT if change else os.O_RDONLY
        self._handle = os.open(path, flags, 0o600)
        self._at = 0
        self._stale = False
        self._piece: tuple[int, bytes] = (-1, b"")
        try:
            if change:
                fcntl.flock(self._handle, fcntl.LOCK_EX)
            start = os.pread(self._handle, _START.size, 0)
            if not start and change:
                start = _START.pack(MAGIC, number, secrets.token_bytes(16))
                self._begin(start, key, name)
            else:
                self._open(start, key, number, name)
        except BaseException:
            os.close(self._handle)
            super().close()
            raise

    def _begin(self, start: bytes, key: bytes, name: str) -> None:
        self._cipher = _cipher(key, start, name)
        self._size, self._first = 0, bytearray(FIRST)
        self._put(0, start + self._head())

    def _open(self, start: bytes, key: bytes, number: int, name: str) -> None:
        if len(start) < _START.size or _START.unpack(start)[:2] != (MAGIC, number):
            raise Unreadable("this is not a sealed file, or sealed with another key")
        self._cipher = _cipher(key, start, name)
        head = self._unseal(0, os.pread(self._handle, _HEAD, _START.size))
        self._size = int(_LENGTH.unpack_from(head)[0])
        self._first = bytearray(head[_LENGTH.size :])

    # -- as a file -----------------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """Bytes of content."""
        return self._size

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def writable(self) -> bool:
        """Whether it was opened to be changed."""
        return self._change

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place in the content."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def tell(self) -> int:
        """The place in the content."""
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer, as far as there is content."""
        view, done = memoryview(buffer).cast("B"), 0
        while done < len(view) and self._at < self._size:
            piece, offset = _place(self._at)
            part = self._content(piece)[offset : offset + len(view) - done]
            if not part:
                raise Unreadable("a sealed file was cut short")
            view[done : done + len(part)] = part
            done, self._at = done + len(part), self._at + len(part)
        return done

    def write(self, data: Any, /) -> int:
        """Put all of it at this place; within the content or right behind it."""
        content, done = bytes(data), 0
        if not self._change or self._at > self._size:
            raise io.UnsupportedOperation("a sealed file is changed only when opened so, and has no holes")
        while done < len(content):
            piece, offset = _place(self._at)
            done += self._patch(piece, offset, content[done:])
        return done

    def flush(self) -> None:
        """Say how long the file is by now."""
        if self._stale and not self.closed:
            self._put(_START.size, self._head())
            self._stale = False

    def fileno(self) -> int:
        """For ``os.fsync``; what is read and written there is sealed."""
        return self._handle

    def close(self) -> None:
        """Flush and let go."""
        if self.closed:
            return
        try:
            super().close()  # flushes
        finally:
            os.close(self._handle)

    # -- pieces --------------------------------------------------------------------------------------

    def _content(self, piece: int) -> bytes:
        """What a piece holds of the content."""
        if piece == 0:
            return bytes(self._first[: self._size])
        if self._piece[0] != piece:
            raw = os.pread(self._handle, PIECE + _OVER, _lies(piece))
            self._piece = (piece, self._unseal(piece, raw))
        return self._piece[1][: self._size - _begins(piece)]

    def _patch(self, piece: int, offset: int, content: bytes) -> int:
        """Put into one piece what fits there; how much that was."""
        room = (PIECE if piece else FIRST) - offset
        part = content[:room]
        if piece == 0:
            self._first[offset : offset + len(part)] = part
            self._stale = True
        else:
            there = _begins(piece) < self._size
            old = self._content(piece) if there else b""
            before = os.pread(self._handle, len(old) + _OVER, _lies(piece)) if there else b""
            new = old[:offset] + part + old[offset + len(part) :]
            self._piece = (-1, b"")
            self._put(_lies(piece), self._seal(piece, new), before, last=_begins(piece + 1) > self._size)
            self._piece = (piece, new)
        self._at += len(part)
        if self._at > self._size:
            self._size, self._stale = self._at, True
        return len(part)

    def _head(self) -> bytes:
        return self._seal(0, _LENGTH.pack(self._size) + self._first)

    def _put(self, place: int, raw: bytes, before: bytes = b"", *, last: bool = False) -> None:
        """Write all of it; on a full disk what was there ``before`` stays as it was.

        ``last``: the file ends behind it. What lies there is of somebody who died before they said so.
        """
        done = 0
        try:
            while done < len(raw):
                done += os.pwrite(self._handle, raw[done:], place + done)
        except OSError:
            os.pwrite(self._handle, before, place)
            raw = before
            raise
        finally:
            if last:
                os.ftruncate(self._handle, place + len(raw))

    def _seal(self, piece: int, content: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, bytes(content), _LENGTH.pack(piece))

    def _unseal(self, piece: int, raw: bytes) -> bytes:
        try:
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], _LENGTH.pack(piece))
        except (InvalidTag, ValueError):
            raise Unreadable("a sealed file was changed, or is not where it belongs") from None


def _cipher(key: bytes, start: bytes, name: str) -> AESGCM:
    salt = _START.unpack(start)[2]
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=f"seiketsu.file|{name}".encode()).derive(key))


def _place(at: int) -> tuple[int, int]:
    """The piece a place lies in, and how far into it."""
    if at < FIRST:
        return 0, at
    piece, offset = divmod(at - FIRST, PIECE)
    return piece + 1, offset


def _begins(piece: int) -> int:
    """Where a piece (not the head) begins in the content."""
    return FIRST + (piece - 1) * PIECE


def _lies(piece: int) -> int:
    """Where a piece (not the head) lies in the file."""
    return _START.size + _HEAD + (piece - 1) * (PIECE + _OVER)
