import asyncio
import json
import sys
from pathlib import Path

import pytest

from simulate import load as loads
from simulate.bench import until_it_answers
from simulate.bench_report import Bench, report, write
from simulate.load import Load, load, pin, spread
from simulate.service import free_port
from simulate.sound import Clip, tone

SIDE = {"seconds": 60, "rss_mb_idle": 1, "rss_mb_after": 1, "children_cpu_percent_per_call": 0}
SIDE |= {"children_rss_mb": 0, "unanswered": 0, "dropped": 0, "calls": 10}
SIDE |= {"callers_cpu_percent": 40}
TIMES = {"n": 9, "p50": 400, "p95": 900, "max": 1200}


def bench(**more) -> Bench:
    latency = {"turns": 9, "seconds": 60, "reply_ms": TIMES, "first_media_ms": {**TIMES, "p50": 40}}
    stock = {
        **SIDE,
        "cpu_percent_per_call": 7.0,
        "rss_mb_per_call": 45.0,
        "reply_ms": TIMES,
        "accept_ms": TIMES,
    }
    ours = {**stock, "cpu_percent_per_call": 3.5, "rss_mb_per_call": 9.0}
    load = {"stock": stock, "ours": ours}
    crowd = {side: {**found, "calls": 30} for side, found in load.items()}
    return Bench("seiketsu bench", "today", {}, **{"latency": latency, "load": load, "crowd": crowd, **more})


def test_a_missed_target_is_said_and_fails() -> None:
    good = bench()
    assert good.met and "missed" not in report(good) and "| 0.50 | <= 0.60 | met |" in report(good)
    slow = bench(load={**good.load, "ours": {**good.load["ours"], "cpu_percent_per_call": 5.0}})
    assert not slow.met and report(slow).count("**missed**") == 1
    late = bench(crowd={**good.crowd, "ours": {**good.crowd["ours"], "reply_ms": {**TIMES, "p95": 1400}}})
    assert not late.met and "| reply with 30 calls on one core, p95 (ms) | 1400 |" in report(late)


def test_what_was_not_measured_is_not_called_met(tmp_path: Path) -> None:
    partial = bench(latency={})
    text = report(partial)
    assert text.count("not measured") == 3 and text.count("| met |") == 3
    write(partial, tmp_path / "docs" / "performance.md")
    kept = json.loads((tmp_path / "docs" / "performance.json").read_text())
    assert kept["command"] == "seiketsu bench" and kept["targets"][0]["measured"] is None


def test_spread_counts_and_rounds() -> None:
    assert spread([100.4, 200.0, 300.0]) == {"n": 3, "p50": 200, "p95": 300, "max": 300}
    assert spread([])["p50"] is None


@pytest.mark.slow
async def test_load_measures_a_live_bot(monkeypatch) -> None:
    """The stock bot under two calls: it costs something, answers, and nobody is cut off."""
    for name, seconds in (("PERIOD", 4.0), ("SETTLE", 1.0), ("REST", 0.5)):
        monkeypatch.setattr(loads, name, seconds)
    port = free_port()
    arguments = ("-m", "simulate.stock_bot", "--port", str(port))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        await until_it_answers(url)
        pin(process.pid, 0)
        found: Load = await load("stock", url, process.pid, Clip.of(tone(1.5)), to="+1", calls=2, seconds=5)
    finally:
        process.terminate()
        await process.wait()
    assert 0.5 < found.cpu_percent_per_call < 60
    assert found.rss_mb_idle > 50 and found.dropped == 0
    assert len(found.accept_ms) == 2 and all(value > 0 for value in found.accept_ms)
