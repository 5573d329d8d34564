"""Learning judges anew, for the commands that do: only sentences that are new are embedded."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from agent.kept_vectors import KeptVectors
from agent.likeness import Learned
from core import embedding
from jobs import terminal


def learn_all(judges: Iterable[Learned]) -> None:
    """Learn each and say where it lies; the sentences' vectors stay in the data directory. Exit code 2
    where there are no vectors."""
    if embedding.why_not():
        typer.echo(f"there are no vectors: {embedding.why_not()}", err=True)
        raise typer.Exit(2)
    kept = KeptVectors(terminal.settings().data_dir / "vectors", made_by=embedding.model())
    for judge in judges:
        into, learned = judge.learn(kept.embed)
        kept.keep()
        typer.echo(f"{into}: {len(learned.meanings)} examples, {into.stat().st_size / 1e6:.1f} MB")
    typer.echo(f"{kept.added} sentences were new")
