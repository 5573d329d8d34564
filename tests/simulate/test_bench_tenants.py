"""The measurement of isolation: it measures what it says, and its report leaves the others alone (A032)."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from simulate import bench_report, bench_tenants
from simulate.bench_tenants import Measured
from stores import crowd, leads
from stores.crowd import Unwalled
from stores.db import Database


async def test_both_sides_find_the_same_leads(db: Database) -> None:
    await crowd.fill(db.cluster, clients=2, leads=120)
    bare = Unwalled(db.cluster)
    here = crowd.client(2)
    for asked in (
        {},
        {"before": UUID(int=(80 << 64) + 2)},
        {"phone": crowd.phone(2, 33)},
        {"words": "PERSON7."},
    ):
        async with db.tenant(here) as session:
            ours, _ = await leads.list_leads(session, **asked)  # type: ignore[arg-type]
        async with bare.session() as plain:
            theirs = await crowd.list_leads(plain, here, **asked)  # type: ignore[arg-type]
        assert [lead.id for lead in ours] == [lead.id for lead in theirs][:50], asked
        assert ours and {lead.tenant_id for lead in ours} == {here}
    await bare.close()


async def test_everything_is_measured_on_both_sides(db: Database) -> None:
    await crowd.fill(db.cluster, clients=2, leads=120)
    found = Measured("test", "now", clients=2, leads=120, turns=2, host={"cores": 2})
    await bench_tenants._measure(db, found, 2, lambda _: None)
    assert found.walled.keys() == found.bare.keys() and len(found.walled) == 6
    assert all(0 < one["p50"] <= one["max"] for one in (*found.walled.values(), *found.bare.values()))


def test_the_report_leaves_the_others_alone(tmp_path: Path) -> None:
    path = tmp_path / "performance.md"
    times = {"p50": 2.0, "p95": 4.0, "max": 9.0}
    found = Measured(
        "test", "one day", 40, 10_000, 10, {"cores": 2}, walled={"list": times}, bare={"list": times}
    )
    path.write_text("# Speed\n\n## One call\n\ntext\n")
    bench_tenants.write(found, path)
    found.at = "another day"
    bench_tenants.write(found, path)
    text = path.read_text()
    assert text.startswith("# Speed\n\n## One call\n\ntext\n\n## Many clients")
    assert text.count(bench_tenants.HEADING) == 1 and "another day" in text and "one day" not in text
    bench_report.write(bench_report.Bench("bench", "today"), path)
    assert path.read_text().count("another day") == 1 and "Measured today" in path.read_text()
    found.walled["list"] = {**times, "p95": 31.0}
    assert not found.met
