"""A caller on paper: who it is, what it knows, how it says it, and its habits. One YAML file a caller."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from core.errors import InvalidInput, Problem

DoorName = Literal["phone", "chat", "socket"]
_PLACE = re.compile(r"^(turn:\d+|(ask|offer|confirm|summary|which|step):[a-z0-9_*]+)$")
_BLANK = re.compile(r"\{([a-z0-9_]+)\}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(_Strict):
    """What is said when a slot is asked for: the first time, the second time, ...; the last is repeated.

    ``type`` is what is typed in chat instead; ``keys`` what is pressed on the telephone from the
    attempt ``keys_from`` on (1 = at once).
    """

    say: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    keys: str = ""
    keys_from: int = 1


class Habit(_Strict):
    """Something out of the ordinary, once, the ``nth`` time the conversation is at ``when``.

    ``when``: ``ask:SLOT``, ``offer:SLOT``, ``confirm:SLOT``, ``summary:STEP``, ``which:SLOT``,
    ``step:STEP`` (the first turn in it), each also with ``*``, or ``turn:N``.
    ``barge_in`` gives the ordinary answer and then talks over the agent's reply, ``after`` seconds in;
    ``cut`` loses the media socket in the middle of the answer; ``silence`` says nothing for ``seconds``.
    """

    when: str
    nth: int = Field(default=1, ge=1)
    do: Literal["say", "keys", "silence", "barge_in", "cut", "hang_up"] = "say"
    text: str = ""
    seconds: float = 10.0
    after: float = 0.6

    @field_validator("when")
    @classmethod
    def _known_place(cls, value: str) -> str:
        if not _PLACE.match(value):
            raise ValueError(
                "is not a place such as ask:plan, confirm:*, summary:account, step:launch, turn:3"
            )
        return value


class Leg(_Strict):
    """One contact of several in which the same caller goes on: by another door, with its own habits."""

    door: DoorName | None = None
    opens: tuple[str, ...] = ()
    habits: tuple[Habit, ...] = ()
    from_: str | None = Field(default=None, alias="from")


class Expect(_Strict):
    """What must hold afterwards. Unnamed things are not checked; ``{}`` values are subsets."""

    ended: bool | None = None
    step: str | None = None
    slots: dict[str, Any] = {}
    statuses: dict[str, str] = {}
    tools: tuple[str, ...] = ()
    not_tools: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    tenant: dict[str, Any] = {}
    lead: dict[str, Any] = {}
    ticket: dict[str, Any] = {}
    most_turns: int | None = None
    answered_once: tuple[str, ...] = ()


class Script(_Strict):
    """The whole file. Text may hold ``{fact}`` blanks; what the caller learns on the way
    (``{resume_code}``) is filled in when it is said.
    """

    caller: str
    title: str
    to: str = "onboarding"
    from_: str = Field(default="+13035550142", alias="from")
    doors: tuple[DoorName, ...] = ("phone", "chat")
    speed: float = 1.0
    snr_db: float | None = None
    facts: dict[str, Any] = {}
    opens: tuple[str, ...] = ()
    answers: dict[str, Answer] = {}
    corrections: dict[str, tuple[str, ...]] = {}
    offers: dict[str, bool] = {}
    yes: tuple[str, ...] = ("Yes.", "Yes, that's right.", "Yes, correct.")
    no: str = "No."
    otherwise: str = "Let's skip that."
    bye: str = "That's all, thank you. Goodbye."
    patience: int = 6
    most_turns: int = 120
    habits: tuple[Habit, ...] = ()
    legs: tuple[Leg, ...] = (Leg(),)
    expect: Expect = Expect()

    @field_validator("answers", mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        """``slot: text`` and ``slot: [text, text]`` are what is said."""
        if not isinstance(value, Mapping):
            return value
        full: dict[str, Any] = {}
        for slot, answer in value.items():
            said = [answer] if isinstance(answer, str) else answer
            full[slot] = {"say": said} if isinstance(said, list) else said
        return full

    @field_validator("corrections", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return {slot: (text,) if isinstance(text, str) else text for slot, text in value.items()}

    def knowing(self, **facts: Any) -> Script:
        """The same caller with other facts."""
        return self.model_copy(update={"facts": {**self.facts, **facts}})

    def filled(self, text: str, learned: Mapping[str, str] | None = None) -> str:
        """The text with its blanks filled in; a blank nobody knows stays as it is."""
        known = {**self.facts, **(learned or {})}

        def fill(blank: re.Match[str]) -> str:
            value = known.get(blank[1], blank[0])
            return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)

        return _BLANK.sub(fill, text)


def load_script(path: Path) -> Script:
    """Read one caller; InvalidInput with every problem when the file is not one."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Script.model_validate(data)
    except (OSError, yaml.YAMLError) as wrong:
        raise InvalidInput(f"{path} cannot be read: {wrong}") from wrong
    except ValidationError as wrong:
        problems = [
            Problem(
                error["msg"], f"{path.name}: {'.'.join(map(str, error['loc']))}", "see simulate/script.py"
            )
            for error in wrong.errors()
        ]
        raise InvalidInput(f"{path} is not a caller: {problems[0]}", problems=problems) from wrong


def load_folder(folder: Path) -> list[Script]:
    """Every caller of a folder (or the one file), by file name; InvalidInput when there is none."""
    paths = [folder] if folder.is_file() else sorted(folder.glob("*.yaml"))
    if not paths:
        raise InvalidInput(f"no caller scripts in {folder}")
    return [load_script(path) for path in paths]
