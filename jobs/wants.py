"""``seiketsu wants``: how well what callers want is understood, and learning it from examples (A092)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from agent.understanding import lead_topics, topics
from agent.understanding.of_us import ASKED
from agent.understanding.wants import WANTS, wanted
from jobs.learning import learn_all

wants = typer.Typer(help="What callers want, found by meaning.", no_args_is_help=True)


@wants.command("learn")
def wants_learn() -> None:
    """Learn wants.txt, asked_of_us.txt, topics.txt and lead_topics.txt anew: after every change."""
    learn_all((WANTS, ASKED, topics.TOPICS, lead_topics.TOPICS))


@wants.command("measure")
def wants_measure(
    file: Annotated[Path, typer.Argument(help='JSON lines: {"class": a label of wants.txt, "text": ...}.')],
    misses: Annotated[bool, typer.Option("--misses", help="Print every sentence taken wrongly.")] = False,
) -> None:
    """Share of first sentences understood, left open, and taken for something else, label by label."""
    taken: dict[str, Counter[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        meant, found = row["class"], wanted(row["text"])
        taken.setdefault(meant, Counter())[found] += 1
        if misses and found != meant:
            typer.echo(f"{meant:13} as {found or '-':13} {row['text']}")
    for meant, counts in taken.items():
        total = counts.total()
        typer.echo(f"{meant:13} {counts[meant]:4} of {total:4}   open {counts['']:4}")
    right = sum(counts[meant] for meant, counts in taken.items())
    everything = sum(counts.total() for counts in taken.values())
    left = sum(counts[""] for counts in taken.values())
    typer.echo(
        f"understood {right / everything:.1%}, left open {left / everything:.1%}, "
        f"taken for something else {(everything - right - left) / everything:.1%} of {everything}"
    )
