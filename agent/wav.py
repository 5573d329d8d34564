"""16-bit WAV in an open file: lengthened at its end, silenced in its middle. The file may be a sealed one."""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

import numpy as np

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


def held(file: BinaryIO) -> int:
    """Bytes of sound in the file. Blocking."""
    return max(file.seek(0, os.SEEK_END) - _HEADER.size, 0)


def append(file: BinaryIO, pcm: bytes, *, rate: int, channels: int) -> None:
    """Put 16-bit sound at the end. Blocking.

    The header is right after every call, so a crash leaves a playable file, and a call that comes back
    on another socket goes on in the same one.
    """
    before, frame = held(file), channels * 2
    if not before:
        file.seek(0)
        file.write(bytes(_HEADER.size))
    file.seek(_HEADER.size + before)
    file.write(pcm)
    size = before + len(pcm)
    file.seek(0)
    file.write(
        _HEADER.pack(
            b"RIFF",
            36 + size,
            b"WAVE",
            b"fmt ",
            16,
            1,
            channels,
            rate,
            rate * frame,
            frame,
            16,
            b"data",
            size,
        )
    )


def blank(file: BinaryIO, start: int, end: int, *, channel: int = 0) -> None:
    """Zero one side of stereo sound between two offsets in bytes of that side alone. Blocking."""
    first, last = start // 2 * 4, min(end // 2 * 4, held(file))
    if first >= last:
        return
    file.seek(_HEADER.size + first)
    sound = np.frombuffer(file.read(last - first), dtype=np.int16).copy()
    sound[channel::2] = 0
    file.seek(_HEADER.size + first)
    file.write(sound.tobytes())
    file.flush()
    os.fsync(file.fileno())
