"""The program ``seiketsu``: its commands, each of which is imported when it is run and not before.

Speech, models and the web take seconds to import; a list of commands should not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command


def _service() -> typer.Typer:
    from service.commands import commands

    return commands


def _operator() -> typer.Typer:
    from jobs.bench import use
    from jobs.commands import commands
    from service.outside import make_carrier, make_ports

    use(lambda settings: make_ports(settings, make_carrier(settings)))
    return commands


def _caller() -> typer.Typer:
    from simulate.cli import commands

    return commands


COMMANDS: dict[str, tuple[Callable[[], typer.Typer], str]] = {
    "serve": (_service, "Run the service: telephone, chat, pages, API."),
    "worker": (_service, "Run durable and recurring work and nothing else, beside any number of serve."),
    "migrate": (_service, "Bring the database schema up to date and stop."),
    "doctor": (_service, "Check settings, flows, database; exit code 1 when something needs attention."),
    "self-check": (_service, "Attack the application with every role, at every route."),
    "calls": (_service, "Calls as they were."),
    "outcomes": (_service, "How onboarding goes over all clients: time to value, completion, hands-on help."),
    "keys": (_operator, "The keys that seal the clients' secrets."),
    "tenants": (_operator, "One client's data as a whole."),
    "leads": (_operator, "One person's data at a client."),
    "listings": (_operator, "A client's listings."),
    "audit": (_operator, "The audit trails."),
    "retention": (_operator, "What has been kept long enough, and is removed."),
    "guard": (_operator, "The guard on what callers say."),
    "wants": (_operator, "What callers want, found by meaning."),
    "demo": (_caller, "A broker phones in and sets itself up; then a lead calls the new number."),
    "call": (_caller, "Place one call with real sound and print what was said."),
    "chat": (_caller, "Talk to the agent by typing."),
    "simulate": (_caller, "Play simulated callers and say which of them failed."),
    "bench": (_caller, "Measure latency, CPU and memory beside stock pipecat, or tenants' isolation."),
    "kill-test": (_caller, "SIGKILL in the middle of calls: what callers hear, what is lost."),
    "soak": (_caller, "Calls in waves: memory, tasks and sockets afterwards."),
    "audit-pairs": (_caller, "Names, families and accents varied: any difference in service."),
}
"""Every command: where it is, and a line for the list. Its own help is its docstring."""


class Later(TyperCommand):
    """A command that is known by name and line until somebody runs it or asks for its help."""

    def __init__(self, name: str, home: Callable[[], typer.Typer], line: str):
        super().__init__(name, help=line, short_help=line, callback=None)
        self._home = home

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The real command's context: from here on it is that command."""
        return self.real().make_context(info_name, args, parent, **extra)

    def real(self) -> Any:
        """The command itself, imported."""
        everything: Any = get_command(self._home())
        return everything.commands[self.name]


cli = TyperGroup(
    name="seiketsu",
    help="The voice agent that sets itself up.",
    commands={name: Later(name, home, line) for name, (home, line) in COMMANDS.items()},
    no_args_is_help=True,
)


def main() -> None:
    """Entry point of ``seiketsu``."""
    cli()


if __name__ == "__main__":
    main()
