"""Vectors of sentences that were embedded before: learning anew embeds only what is new."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from agent.likeness import Embed, Vector
from core import embedding


class KeptVectors:
    """Embeds each sentence once for good. The file is of one model: those of another are not compared.

    ``folder``: where it lies, in the data directory; a file that cannot be read is as none. The sentences
    are the product's own examples, nothing that a caller said.
    """

    def __init__(self, folder: Path, *, made_by: str, embed: Embed = embedding.embed):
        self._file = folder / f"{re.sub(r'[^a-z0-9.]+', '-', made_by.lower())}.npz"
        self._embed = embed
        self._known = _read(self._file)
        self.added = 0

    def embed(self, text: str) -> Vector:
        """The vector of a text; made when it is not known yet. Raises as ``embed`` does."""
        if text not in self._known:
            self._known[text] = self._embed(text)
            self.added += 1
        return self._known[text]

    def keep(self) -> None:
        """Write what was added; a file half written is never seen."""
        if not self.added:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        half = self._file.with_suffix(".half")
        with half.open("wb") as into:
            np.savez(into, texts=np.array(list(self._known)), vectors=np.array(list(self._known.values())))
        half.replace(self._file)


def _read(file: Path) -> dict[str, Vector]:
    try:
        with np.load(file) as found:
            return dict(zip(found["texts"].tolist(), found["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}
