"""What Twilio does with the sound a service sends: plays it in order, at the pace of the clock."""

from __future__ import annotations

from collections import deque

from simulate.sound import PACKET, SILENCE


class Playout:
    """A buffer without jitter: bytes in, one packet out a tick.

    A mark is due when everything sent before it has been played; ``clear`` throws the sound away
    and makes every waiting mark due at once, as Twilio documents.
    """

    def __init__(self) -> None:
        self._sound = bytearray()
        self._taken = 0
        self._written = 0
        self._marks: deque[tuple[int, str]] = deque()

    @property
    def waiting(self) -> float:
        """Packets of sound not yet played."""
        return len(self._sound) / PACKET

    def add(self, sound: bytes) -> None:
        """Sound to play after what is there."""
        self._sound += sound
        self._written += len(sound)

    def mark(self, name: str) -> None:
        """A mark after what is there."""
        self._marks.append((self._written, name))

    def clear(self) -> list[str]:
        """Drop the sound; the marks that were waiting, in order."""
        self._taken += len(self._sound)
        self._sound.clear()
        return self.due()

    def take(self) -> bytes:
        """The next packet, filled up with silence when there is not enough."""
        part = bytes(self._sound[:PACKET])
        del self._sound[:PACKET]
        self._taken += len(part)
        return part + SILENCE[len(part) :]

    def due(self) -> list[str]:
        """Marks whose sound has been played; each is given once."""
        names = []
        while self._marks and self._marks[0][0] <= self._taken:
            names.append(self._marks.popleft()[1])
        return names
