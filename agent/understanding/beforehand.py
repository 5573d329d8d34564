"""What takes milliseconds of understanding is done beside the event loop, before the words are taken in on it.

What somebody calls about is looked for by meaning where no pattern knows it: in the words as they are, in their
gloss, in what they tell beside a question. Which of these it will be only the reading shows, so the words are
read once for nothing; what was compared is remembered for the next few utterances (``wants.wanted``).
"""

from __future__ import annotations

import asyncio

from agent.understanding.lead_topics import ASKED
from agent.understanding.sentences import parted, sentences
from agent.understanding.understand import understand
from agent.understanding.view import View
from agent.understanding.wants import wanted
from core import embedding

ERRAND = "errand"
"""The type of slot whose values are looked for by meaning."""


async def compare(text: str, view: View) -> None:
    """Have the words compared by meaning: while it is not known what is wanted, and where any words answer."""
    slots = view.flow.slots.items()
    unknown = any(spec.type == ERRAND and not view.state.peek(name).counts for name, spec in slots)
    if (unknown or ASKED & set(view.state.awaiting.slots)) and not embedding.why_not():
        await asyncio.to_thread(_read, text, view)


def _read(text: str, view: View) -> None:
    wanted(text)
    for sentence in sentences(text):
        wanted(sentence)
    understand(text, view)
    told, question = parted(text)
    if told and question:
        understand(told, view)
