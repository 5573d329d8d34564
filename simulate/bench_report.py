"""What a benchmark found, against what was promised, as Markdown and JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulate import bench_tenants

TARGETS = {
    "reply_p50_ms": 600.0,
    "reply_p95_ms": 1000.0,
    "first_sound_ms": 100.0,
    "crowd_p95_ms": 1000.0,
    "cpu_share_of_stock": 0.60,
    "rss_share_of_stock": 1 / 3,
}

LIVED = (
    "Times are the caller's: from the last audible packet it sent to the first audible packet it was played, "
    "in real time over a real socket. Turns in which the agent began before the caller had finished do not "
    "count."
)
SAME = (
    "Both processes were kept on core 0, the callers on what is left; two seconds of speech every seven, "
    "each caller in its own time. "
    "Stock: pipecat's own Twilio serializer and transport, Silero and smart-turn for every call, stub "
    "models, no database. The service also ran its form, its guided brain and its store."
)


@dataclass
class Bench:
    """What was measured. Milliseconds, percent of one core, MB."""

    command: str
    at: str
    host: dict[str, Any] = field(default_factory=dict)
    latency: dict[str, Any] = field(default_factory=dict)
    load: dict[str, Any] = field(default_factory=dict)
    """``stock`` and ``ours`` under calls that neither finds too many: what a call costs."""
    crowd: dict[str, Any] = field(default_factory=dict)
    """The same under as many calls as one core is to carry."""

    def checks(self) -> list[tuple[str, float | None, float]]:
        """Each target: what it is, what was measured (None: not), what is allowed."""
        reply, first = self.latency.get("reply_ms", {}), self.latency.get("first_media_ms", {})
        cpu, rss = _share(self.load, "cpu_percent_per_call"), _share(self.load, "rss_mb_per_call")
        crowd = self.crowd.get("ours", {})
        return [
            (
                "end of caller's speech to first agent sound, p50 (ms)",
                reply.get("p50"),
                TARGETS["reply_p50_ms"],
            ),
            ("the same, p95 (ms)", reply.get("p95"), TARGETS["reply_p95_ms"]),
            ("media socket accepted to first sound, p50 (ms)", first.get("p50"), TARGETS["first_sound_ms"]),
            (
                f"reply with {crowd.get('calls', 'many')} calls on one core, p95 (ms)",
                crowd.get("reply_ms", {}).get("p95"),
                TARGETS["crowd_p95_ms"],
            ),
            ("processor time per call, share of stock", cpu, TARGETS["cpu_share_of_stock"]),
            ("resident memory per call, share of stock", rss, TARGETS["rss_share_of_stock"]),
        ]

    @property
    def met(self) -> bool:
        """Whether everything measured is within its target."""
        return all(value <= most for _, value, most in self.checks() if value is not None)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready form."""
        targets = [{"what": w, "measured": v, "target": round(t, 3)} for w, v, t in self.checks()]
        return {**vars(self), "targets": targets, "met": self.met}


def report(bench: Bench) -> str:
    """Everything as Markdown."""
    lines = [
        "# Speed",
        "",
        f"Measured {bench.at} by `{bench.command}`, which rewrites this file.",
        f"Host: {', '.join(f'{name} {value}' for name, value in bench.host.items())}.",
        "",
        "| what | measured | target | |",
        "|---|---|---|---|",
    ]
    for what, value, most in bench.checks():
        shown = "not measured" if value is None else f"{value:.2f}" if most < 2 else f"{value:.0f}"
        verdict = "" if value is None else "met" if value <= most else "**missed**"
        lines.append(f"| {what} | {shown} | <= {most:.2f} | {verdict} |".replace(".00 |", " |"))
    if bench.latency:
        lines += ["", "## One call, embedded speech, guided brain", "", *_latency_lines(bench.latency)]
    for sides in (bench.load, bench.crowd):
        if sides:
            lines += ["", f"## {sides['ours']['calls']} calls at once, stub speech", "", *_load_lines(sides)]
    return "\n".join(lines) + "\n"


def _latency_lines(latency: dict[str, Any]) -> list[str]:
    reply, first = latency["reply_ms"], latency["first_media_ms"]
    turns, seconds = latency["turns"], latency["seconds"]
    return [
        f"A simulated broker sets its office up over mu-law sound: {turns} turns in {seconds} s. {LIVED}",
        "",
        "| | n | p50 ms | p95 ms | max ms |",
        "|---|---|---|---|---|",
        _row("end of speech to first sound", reply),
        _row("socket accepted to first sound", first),
    ]


def _row(label: str, found: dict[str, Any]) -> str:
    return f"| {label} | {found['n']} | {found['p50']} | {found['p95']} | {found['max']} |"


def _load_lines(sides: dict[str, Any]) -> list[str]:
    stock, ours = sides["stock"], sides["ours"]
    rows = [
        ("processor time per call, % of a core", "cpu_percent_per_call"),
        ("the same of child processes (database)", "children_cpu_percent_per_call"),
        ("resident memory idle and warm, MB", "rss_mb_idle"),
        ("resident memory per call, MB", "rss_mb_per_call"),
        ("resident memory after the calls, MB", "rss_mb_after"),
        ("resident memory of child processes, MB", "children_rss_mb"),
        ("processor time of the callers, % of a core", "callers_cpu_percent"),
        ("turns without an answer in time", "unanswered"),
        ("calls that ended early", "dropped"),
    ]
    table = [f"| {label} | {stock[key]} | {ours[key]} |" for label, key in rows]
    for label, key in (("reply after end of speech", "reply_ms"), ("accept to first sound", "accept_ms")):
        cells = [f"{side[key]['p50']} / {side[key]['p95']} / {side[key]['max']}" for side in (stock, ours)]
        table.append(f"| {label}, ms p50 / p95 / max | {cells[0]} | {cells[1]} |")
    return [
        f"{SAME} Measured for {ours['seconds']} s.",
        "",
        "| | stock pipecat | seiketsu |",
        "|---|---|---|",
        *table,
    ]


def write(bench: Bench, path: Path) -> None:
    """The report at ``path``, and the numbers as JSON beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = bench_tenants.kept_section(path)
    path.write_text(f"{report(bench)}\n{kept}" if kept else report(bench), encoding="utf-8")
    path.with_suffix(".json").write_text(json.dumps(bench.as_dict(), indent=2) + "\n", encoding="utf-8")


def _share(sides: dict[str, Any], name: str) -> float | None:
    if not sides or not sides["stock"][name]:
        return None
    return float(sides["ours"][name]) / float(sides["stock"][name])
