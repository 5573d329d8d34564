"""The frames of ours that travel a call's pipeline, and how words become frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from pipecat.frames.frames import (
    AggregatedTextFrame,
    ControlFrame,
    Frame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    SystemFrame,
    TTSSpeakFrame,
)
from pipecat.utils.text.base_text_aggregator import TextType

from agent.ports import Utterance
from agent.understanding.base import Patience
from flows.languages import ENGLISH


@dataclass
class PatienceFrame(SystemFrame):
    """How long a pause may now be before the caller counts as finished. For the turn strategies.

    Takes effect at once; a barge-in does not drop it.
    """

    patience: Patience = "open"


@dataclass
class VocabularyFrame(SystemFrame):
    """Words to expect in the next answer, most likely first. For the speech recogniser.

    ``careful``: a name is expected; one word that was heard unsure is to count. Takes effect at once; a
    barge-in does not drop it.
    """

    words: tuple[str, ...] = ()
    careful: bool = False


@dataclass
class TypedFrame(SystemFrame):
    """Words the caller typed while talking. They count like spoken ones, and stop the agent like them."""

    text: str = ""


@dataclass
class TongueFrame(ControlFrame):
    """The words that follow are in this language (ISO 639-1). For the voice; it keeps its place among them.

    A barge-in does not drop it: the voice and whoever sends it must never differ.
    """

    language: str = ENGLISH
    interruptible: bool = field(default=False, init=False)


@dataclass
class NoticePlayedFrame(ControlFrame):
    """Follows the sound of the legal opening: when it arrives behind the output, the notice was sent out."""

    interruptible: bool = field(default=False, init=False)


def words(
    says: Sequence[Utterance],
    *,
    after_notice: Callable[[], Iterable[Frame]] = tuple,
    tongue: str = ENGLISH,
) -> list[Frame]:
    """The frames that make a voice (or a chat) say ``says``.

    What may not be talked over is spoken on its own and survives a barge-in; the frames of
    ``after_notice()`` follow it. ``tongue`` is the language the voice is in: it is told of every change.
    """
    frames: list[Frame] = []
    for (interruptible, language), run in groupby(says, key=lambda said: (said.interruptible, said.language)):
        if language != tongue:
            tongue = language
            frames.append(TongueFrame(language))
        if interruptible:
            frames += [LLMFullResponseStartFrame(), *map(_text, run), LLMFullResponseEndFrame()]
        else:
            frames += [*map(_fixed, run), NoticePlayedFrame(), *after_notice()]
    return frames


def _text(utterance: Utterance) -> Frame:
    return AggregatedTextFrame(utterance.text, TextType.SENTENCE, raw_text=utterance.text)


def _fixed(utterance: Utterance) -> Frame:
    frame = TTSSpeakFrame(utterance.text)
    frame.interruptible = False
    return frame
