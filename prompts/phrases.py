"""The engine's fixed sentences by key, worded for the channel and in turn (prompts/phrases.yaml).

Other languages are files of the same keys (``phrases.es.yaml``); what one lacks is said in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, RootModel

from policies.compliance import compliance

CHANNELS = ("voice", "chat")
ENGLISH = "en"
HERE = Path(__file__).parent


class _ByChannel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    voice: str | tuple[str, ...]
    chat: str | tuple[str, ...]


class _Phrases(RootModel[dict[str, str | tuple[str, ...] | _ByChannel]]):
    """The whole file."""


@cache
def _phrases(language: str = ENGLISH) -> dict[str, dict[str, tuple[str, ...]]]:
    english = language == ENGLISH
    path = HERE / ("phrases.yaml" if english else f"phrases.{language}.yaml")
    templates = compliance().templates_in(language)
    found: dict[str, dict[str, tuple[str, ...]]] = {
        name: dict.fromkeys(CHANNELS, (text,)) for name, text in templates.items()
    }
    if not path.exists():
        return found
    for name, entry in _Phrases.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).root.items():
        pair = (entry.voice, entry.chat) if isinstance(entry, _ByChannel) else (entry, entry)
        found[name] = {
            channel: (texts,) if isinstance(texts, str) else texts
            for channel, texts in zip(CHANNELS, pair, strict=True)
        }
    return found


def keys(language: str = ENGLISH) -> tuple[str, ...]:
    """Every key, the fixed answers of policies/compliance.yaml included."""
    return tuple(_phrases(language))


def has(key: str) -> bool:
    """Whether there is such a phrase."""
    return key in _phrases()


def variants(key: str, channel: str, language: str = ENGLISH) -> tuple[str, ...]:
    """The wordings of a phrase with their placeholders; KeyError for an unknown key."""
    found = _phrases(language).get(key) or _phrases()[key]
    return found["voice" if channel == "voice" else "chat"]


def phrase(key: str, channel: str, facts: Mapping[str, Any], n: int = 0, language: str = ENGLISH) -> str:
    """The phrase for a channel ("voice", else as written) with its placeholders filled in.

    ``n`` rotates through the wordings, so that what recurs is worded differently each time. KeyError
    for an unknown key and for a placeholder without a fact: a brace must never be read aloud.
    """
    texts = variants(key, channel, language)
    return texts[n % len(texts)].format_map(facts)


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}
