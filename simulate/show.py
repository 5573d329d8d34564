"""What a person at a terminal sees of a simulated call: the words, the tools, the time each turn took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.ranks import percentile
from simulate.script import Script
from simulate.talk import Exchange
from simulate.verdict import Result

ACTS = {"keys": "presses keys", "silence": "says nothing", "hang_up": "hangs up", "cut": "is cut off"}


def terminal(*, errors: bool = False) -> Console:
    """Where a person watches: lines are as long as they are, nothing is coloured that was not asked for.

    ``errors`` puts it on standard error, beside JSON on standard output.
    """
    return Console(stderr=errors, emoji=False, highlight=False, soft_wrap=True)


def exchange(console: Console, script: Script, seen: Exchange) -> None:
    """One turn: what the caller did, then what the agent did and how long it took to begin."""
    if seen.move is not None:
        words = seen.move.text if seen.move.do in ("say", "cut") else f"({ACTS[seen.move.do]})"
        console.print(f"[cyan]caller[/]  {escape(words)}")
        if seen.move.then:
            console.print(f"[cyan]caller[/]  (interrupts) {escape(seen.move.then)}")
    for tool in seen.heard.tools:
        console.print(
            f"[yellow]tool[/]    {escape(tool.name)} -> {escape(tool.status)}",
        )
    took = "" if seen.heard.latency is None else f"  [dim]{seen.heard.latency * 1000:.0f} ms[/]"
    for text in seen.heard.texts:
        console.print(f"[green]agent[/]   {escape(text)}{took}")
        took = ""


def results(console: Console, played: Sequence[Result]) -> None:
    """A table of played scripts, and under it everything that went wrong."""
    table = Table()
    for column in ("script", "door", "result", "turns", "seconds", "p50 ms", "p95 ms"):
        table.add_column(column, justify="left" if column in ("script", "door", "result") else "right")
    for result in played:
        low, high = percentile(result.latencies, 0.5), percentile(result.latencies, 0.95)
        table.add_row(
            result.script,
            result.door,
            "[green]passed[/]" if result.passed else "[red]failed[/]",
            str(result.turns),
            f"{result.seconds:.1f}",
            "-" if low is None else f"{low * 1000:.0f}",
            "-" if high is None else f"{high * 1000:.0f}",
        )
    console.print(table)
    for result in played:
        for failure in result.failures:
            console.print(f"[red]{escape(result.script)}[/]: {escape(failure)}")
        for trouble in result.troubles:
            console.print(f"[yellow]{escape(result.script)}[/]: {escape(trouble)}")


def killing(console: Console, found: Mapping[str, Any]) -> None:
    """What came of killing processes: how soon callers were heard again, and what was lost."""
    back, gap = found["back_ms"], found["gap_ms"]
    console.print(
        f"{found['kills']} kills, {found['calls_hit']} calls on the line at the time, {found['seconds']} s"
    )
    console.print(
        f"agent heard again after the line came back: p50 {back['p50']} ms, p95 {back['p95']} ms, "
        f"at most {back['max']} ms"
    )
    console.print(
        f"silence for the caller: p50 {gap['p50']} ms, p95 {gap['p95']} ms, at most {gap['max']} ms"
    )
    for problem in found["problems"]:
        console.print(f"[red]{escape(problem)}[/]")
    if not found["problems"]:
        console.print("nothing was lost or doubled")
