"""``seiketsu guard``: how well callers' sentences are understood, measured on any file of them (C17)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.guardrails.likeness import GUARD, SETUP
from agent.guardrails.measure import measure, read
from core.errors import NotFound
from jobs.learning import learn_all

guard = typer.Typer(help="The guard on what callers say.", no_args_is_help=True)


@guard.command("measure")
def guard_measure(
    files: Annotated[list[Path], typer.Argument(help='JSON lines: {"class": ..., "text": ...}.')],
    misses: Annotated[bool, typer.Option("--misses", help="Print every sentence taken wrongly.")] = False,
    flow: Annotated[str, typer.Option(help="The flow in which the sentences are said.")] = "lead",
) -> None:
    """Share of harmful sentences answered as they must be, and of harmless ones not let through."""
    for file in files:
        try:
            rows = read(file)
        except (NotFound, ValueError) as error:
            typer.echo(f"{file}: {error}", err=True)
            raise typer.Exit(2) from None
        if len(files) > 1:
            typer.echo(f"{file}:")
        typer.echo(measure(rows, flow=flow).report(misses=misses))


@guard.command("learn")
def guard_learn() -> None:
    """Learn anew from agent/guardrails/examples.txt and setup.txt, after every change. Minutes at first."""
    learn_all((GUARD, SETUP))
