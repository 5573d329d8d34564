"""What every command does first and last: settings, logs, the database, and troubles told in a line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import typer

from core.errors import SeiketsuError, StartupError
from core.logs import setup_logs
from core.settings import Settings, load_settings
from stores.db import Database, opened

T = TypeVar("T")


def settings(**given: object) -> Settings:
    """The settings, with what the command line says instead (None: nothing). Ends the program with 2."""
    try:
        return load_settings(**{name: value for name, value in given.items() if value is not None})
    except StartupError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@asynccontextmanager
async def database(configured: Settings) -> AsyncIterator[Database]:
    """The configured database, its schema up to date; only warnings are logged."""
    setup_logs("WARNING", "text")
    async with opened(configured.data_dir, configured.database_url) as db:
        yield db


def run(work: Coroutine[Any, Any, T], *, trouble: int = 1) -> T:
    """Run a command's work; what goes wrong is said in one line, and the exit code is ``trouble``."""
    try:
        return asyncio.run(work)
    except SeiketsuError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(trouble) from None


def say(*words: object) -> None:
    """To the terminal."""
    typer.echo(" ".join(map(str, words)))
