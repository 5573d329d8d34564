"""Callers x voices x noise: who comes to the right end, and what was misheard where somebody does not.

Everything runs in this process against a database of its own; nothing waits for sound to be played, so the
same callers come to the same end on any machine.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from loguru import logger

from agent.parts import Parts
from agent.speech.recognizer import Recognizer
from core.clock import FakeClock
from core.errors import InvalidInput, SeiketsuError
from simulate.contact import Contact, Played, furnish, load_contacts, play, wrong
from simulate.hearing import Hearing, Line, Spoken, Written, noise_name
from simulate.inside import play_inside
from simulate.office import brokerage, made_up, parts_in
from simulate.script import Script, load_script
from simulate.voice import CachedVoice, VoiceError
from simulate.voices import KINDS
from stores import tenancy
from stores.db import Database

ENOUGH = 0.95
"""Share of the callers that must come to the right end in every cell (A047, A092)."""

Case = Contact | Script


@dataclass(frozen=True)
class Cell:
    """One voice in one noise. ``voice`` "" is writing."""

    voice: str = ""
    snr_db: float | None = None

    def __str__(self) -> str:
        return f"{self.voice}, {noise_name(self.snr_db)}" if self.voice else "in writing"


@dataclass
class Run:
    """One caller in one cell. ``problems`` are sentences; ``misheard`` what did not arrive as it was said."""

    case: str
    cell: Cell
    problems: list[str] = field(default_factory=list)
    spoken: list[Spoken] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether the caller came to the right end."""
        return not self.problems


@dataclass
class Matrix:
    """All runs, and the questions one asks of them."""

    runs: list[Run] = field(default_factory=list)
    seconds: float = 0.0
    decoded: int = 0
    """Sentences that had to be recognised; the others were known from an earlier time."""

    def cells(self) -> dict[Cell, tuple[int, int]]:
        """Cell -> (passed, all), in the order they were run."""
        found: dict[Cell, tuple[int, int]] = {}
        for run in self.runs:
            passed, total = found.get(run.cell, (0, 0))
            found[run.cell] = (passed + run.passed, total + 1)
        return found

    @property
    def failures(self) -> list[Run]:
        """Everybody who did not come to the right end."""
        return [run for run in self.runs if not run.passed]

    @property
    def met(self) -> bool:
        """Whether every cell has enough."""
        return bool(self.runs) and all(passed >= ENOUGH * total for passed, total in self.cells().values())

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "met": self.met,
            "seconds": round(self.seconds, 1),
            "decoded": self.decoded,
            "cells": [
                {"voice": cell.voice, "noise": noise_name(cell.snr_db), "passed": passed, "total": total}
                for cell, (passed, total) in self.cells().items()
            ],
            "failures": [
                {
                    "case": run.case,
                    "cell": str(run.cell),
                    "problems": run.problems,
                    "heard": [vars(one) for one in run.spoken],
                }
                for run in self.failures
            ],
        }


def load_cases(paths: Sequence[Path]) -> list[Case]:
    """Every caller of these folders and files, of either kind; InvalidInput when there is none."""
    cases: list[Case] = []
    for path in paths:
        for file in [path] if path.is_file() else sorted(path.glob("*.yaml")):
            if file.read_text("utf-8").lstrip().startswith(("- name", "#")) and _is_list(file):
                cases += load_contacts(file).values()
            else:
                cases.append(load_script(file))
    if not cases:
        raise InvalidInput(f"no callers in {', '.join(map(str, paths))}")
    return cases


def _is_list(file: Path) -> bool:
    lines = (line for line in file.read_text("utf-8").splitlines() if line.strip() and line[0] != "#")
    return next(lines, "").startswith("- ")


def name_of(case: Case) -> str:
    """What it is called in reports."""
    return case.caller if isinstance(case, Script) else case.name


def spanish(case: Case) -> bool:
    """Whether the caller speaks Spanish from the first words on."""
    return bool(case.opens) and _is_spanish(case.opens[0])


def changes_language(case: Case) -> bool:
    """Whether the caller speaks both, which none of the voices does."""
    return len({_is_spanish(words) for words in case.opens}) > 1


def _is_spanish(words: str) -> bool:
    return any(mark in words for mark in "¿ñáéíóú") or words.lower().startswith(
        ("hola", "buen", "en espa", "no me")
    )


def speaks_spanish(voice: str) -> bool:
    """Whether a voice is for callers who speak Spanish."""
    return voice in KINDS and KINDS[voice].language == "es"


def _can_say(voice: str, case: Case) -> bool:
    return not changes_language(case) and spanish(case) == speaks_spanish(voice)


@dataclass
class Stage:
    """Where cases are played: a database, and a brokerage of its own for each."""

    db: Database
    outbox: Path
    made: int = 0

    async def play(self, case: Case, cell: Cell, line: Line, meant: Played | None) -> Run:
        """One caller; whatever breaks is a problem of the run, not of the matrix."""
        run = Run(name_of(case), cell)
        try:
            if isinstance(case, Script):
                await self._script(case, line, run)
            else:
                await self._contact(case, line, run, meant)
        except (SeiketsuError, VoiceError) as error:
            run.problems.append(f"broke: {error}")
        except Exception as error:
            logger.opt(exception=error).error("a simulated caller broke")
            run.problems.append(f"broke: {type(error).__name__}: {error}")
        return run

    async def meant(self, case: Contact) -> Played:
        """What the caller means: the same call when nothing is misheard."""
        return await self._played(case, Written(), None)

    async def _contact(self, case: Contact, line: Line, run: Run, meant: Played | None) -> None:
        played = await self._played(case, line, meant)
        run.problems += wrong(case.expect, played, spoken=meant is not None)
        run.spoken, run.told = played.spoken, played.said

    async def _played(self, case: Contact, line: Line, meant: Played | None) -> Played:
        parts, home = await self._office()
        await furnish(parts, home, case.office)
        if case.before is not None:
            before = self.contacts[case.before]
            await play(parts, home, before)
            parts.clock.advance(hours=1)  # type: ignore[attr-defined]  # a FakeClock
        return await play(parts, home, case, line, meant=meant)

    async def _script(self, script: Script, line: Line, run: Run) -> None:
        parts, home = await self._office()
        async with self.db.tenant(home) as session:
            number = (await tenancy.numbers(session))[0].e164
        if script.to == "onboarding" and (name := script.facts.get("organization_name")):
            # one name can be taken once; a set-up in another cell has the same one
            parts = replace(parts, clock=FakeClock())
            await self._forget(str(name))
        result, run.spoken = await play_inside(script, parts, home, line, number)
        run.problems += result.failures

    async def _forget(self, name: str) -> None:
        async with self.db.platform("a simulated set-up makes room for the next") as session:
            for tenant in await tenancy.list_tenants(session, limit=1000):
                if tenant.name.casefold() == name.casefold():
                    tenant.name = f"{tenant.name} {self.made}"

    async def _office(self) -> tuple[Parts, Any]:
        self.made += 1
        home = await brokerage(self.db, number=self.made)
        return parts_in(self.db, self.outbox, FakeClock()), home

    contacts: Mapping[str, Contact] = field(default_factory=dict)


async def run_matrix(
    cases: Sequence[Case],
    voices: Sequence[tuple[str, CachedVoice]],
    noises: Sequence[float | None],
    recognizer: Recognizer,
    *,
    folder: Path | None = None,
    jobs: int = 2,
    written: bool = True,
    tell: Callable[[str], None] = lambda line: None,
) -> Matrix:
    """Every case in every cell, ``jobs`` at a time; with ``written`` in writing, too.

    ``folder`` keeps what was recognised.
    """
    matrix, began = Matrix(), time.monotonic()
    contacts = {case.name: case for case in cases if isinstance(case, Contact)}
    lines: list[tuple[Cell, Line]] = [(Cell(), Written())] if written else []
    hearings = []
    for snr_db in noises:
        for name, voice in voices:
            hearing = Hearing(recognizer, voice, snr_db, folder)
            hearings.append(hearing)
            lines.append((Cell(name, snr_db), hearing))
    async with made_up() as (db, home):
        gate = asyncio.Semaphore(jobs)
        stage = Stage(db, home / "outbox", contacts=contacts)
        written_runs: dict[str, Played] = {}

        async def one(case: Case, cell: Cell, line: Line) -> Run:
            async with gate:
                meant = None
                if cell.voice and isinstance(case, Contact):
                    if case.name not in written_runs:
                        written_runs[case.name] = await stage.meant(case)
                    meant = written_runs[case.name]
                run = await stage.play(case, cell, line, meant)
            mark = "ok  " if run.passed else "FAIL"
            tell(f"{mark} {run.cell}: {run.case} {'; '.join(run.problems)}".rstrip())
            return run

        for cell, line in lines:  # cell by cell, so that what is there already can be read
            here = [case for case in cases if not cell.voice or _can_say(cell.voice, case)]
            matrix.runs += await asyncio.gather(*(one(case, cell, line) for case in here))
            passed, total = matrix.cells().get(cell, (0, 0))
            tell(f"{cell}: {passed} of {total}")
    matrix.seconds = time.monotonic() - began
    matrix.decoded = sum(hearing.decoded for hearing in hearings)
    return matrix


def as_text(matrix: Matrix) -> str:
    """For a person: a line a cell, then every failure with what was said and heard."""
    lines = []
    for cell, (passed, total) in matrix.cells().items():
        mark = "" if passed >= ENOUGH * total else "  (not enough)"
        lines.append(f"{cell!s:24} {passed:3} of {total:3}  {passed / total:6.1%}{mark}")
    lines.append(f"{len(matrix.runs)} calls in {matrix.seconds:.0f} s, {matrix.decoded} sentences recognised")
    for run in matrix.failures:
        lines += ["", f"{run.case} ({run.cell})", *(f"  {problem}" for problem in run.problems)]
        lines += [
            f"    said  {one.said}\n    heard {one.heard or '(nothing)'}  ({one.confidence:.2f})"
            for one in run.spoken
            if unlike(one)
        ]
    return "\n".join(lines)


def unlike(spoken: Spoken) -> bool:
    """Whether other words arrived than were said; punctuation and capitals aside."""
    plain = ["".join(c for c in text.casefold() if c.isalnum()) for text in (spoken.said, spoken.heard)]
    return plain[0] != plain[1]
