"""One tenant in one file, and back (A031, C35): complete, alone, checked, with its secrets sealed."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select

from core.clock import FakeClock
from core.errors import Conflict
from core.ids import new_id
from stores import calls, file_keys, leads, lifecycle, receipts, tenancy
from stores.cluster import Cluster
from stores.db import Database
from stores.vault import KeyRing, Vault
from tests.stores.furnish import RING, furnish
from tools import archives, restoring
from tools.archives import Damaged, Made

VAULT = Vault(RING)
CLOCK = FakeClock()
VOLATILE = {"updated_at"}


async def raw(
    fresh: Cluster, tenant: UUID, besides: set[str] = frozenset()
) -> dict[str, list[dict[str, Any]]]:  # type: ignore[assignment]
    """Every row Postgres holds for a tenant, as the superuser sees it."""
    admin = await asyncpg.connect(fresh.admin.render_as_string(hide_password=False))
    tables = await admin.fetch(
        "select c.relname from pg_class c"
        " join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'"
        " where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1"
    )
    found = {}
    for (table,) in tables:
        if table not in besides:
            rows = await admin.fetch(f"select * from {table} where tenant_id = $1 order by id", tenant)
            found[table] = [{k: v for k, v in dict(r).items() if k not in VOLATILE} for r in rows]
    found["tenants"] = [dict(r) for r in await admin.fetch("select * from tenants where id = $1", tenant)]
    await admin.close()
    return found


@pytest.fixture
async def pair(db: Database, tenant_id: UUID, tmp_path: Path) -> tuple[UUID, UUID]:
    """Two furnished tenants; the first has a recording."""
    async with db.tenant(new_id()) as session:
        other = (await tenancy.create_tenant(session, "Bolder Homes")).id
    await furnish(db, tenant_id, "+13035550111")
    await furnish(db, other, "+13035550112")
    async with db.tenant(tenant_id) as session:
        (call,) = (await session.scalars(select(calls.Call))).all()
        folder = archives.recordings_of(tmp_path, tenant_id)
        folder.mkdir(parents=True)
        keys = await file_keys.to_write(session, VAULT)
        keys.put(folder / f"{call.id}.wav", b"RIFF....")
        await calls.update_call(session, call.id, recording_path=str(folder / f"{call.id}.wav"))
        await leads.upsert_lead(session, None, intent="buyer", name="=HYPERLINK(1)", phones=["+13035550199"])  # type: ignore[arg-type]
    return tenant_id, other


async def back_up(db: Database, tenant: UUID, folder: Path, name: str = "x.backup") -> Made:
    return await archives.backup(db, tenant, folder / name, vault=VAULT, data_dir=folder, clock=CLOCK)


async def restore(
    db: Database, made: Made, folder: Path, vault: Vault = VAULT, **kw: Any
) -> restoring.Restored:
    given = {"key": made.key, **kw}
    return await restoring.restore(
        db, made.path, vault=vault, data_dir=folder, clock=CLOCK, actor="operator", **given
    )


async def test_every_table_there_is_is_in_it_or_left_out_for_a_reason(
    db: Database, fresh: Cluster, pair: tuple[UUID, UUID], tmp_path: Path
) -> None:
    """The tables come from Postgres, not from our models: one that is forgotten fails here."""
    made = await back_up(db, pair[0], tmp_path)
    whole = await archives.export(
        db, pair[0], tmp_path / "x.zip", vault=VAULT, data_dir=tmp_path, clock=CLOCK
    )
    there = await raw(fresh, pair[0])
    for result in (made, whole):
        assert set(result.rows) | lifecycle.NOT_ARCHIVED.keys() == set(there)
        assert {t: n for t, n in result.rows.items() if n != len(there[t])} == {}
        assert [t for t, n in result.rows.items() if not n] == [], "furnish leaves nothing empty"
    assert set(lifecycle.tables()) | {"tenants"} == set(there)


async def test_an_export_is_for_people(db: Database, pair: tuple[UUID, UUID], tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []

    async def step(done: int, of: int) -> None:
        steps.append((done, of))

    made = await archives.export(
        db, pair[0], tmp_path / "x.zip", vault=VAULT, data_dir=tmp_path, clock=CLOCK, step=step
    )
    assert steps[-1] == (len(lifecycle.archived()),) * 2
    assert made.path.stat().st_mode & 0o077 == 0 and made.key is None
    with zipfile.ZipFile(made.path) as file:
        names = set(file.namelist())
        found = json.loads(file.read("json/leads.json"))
        assert [lead["name"] for lead in found] == [None, "=HYPERLINK(1)"]
        sheet = list(csv.DictReader(io.StringIO(file.read("csv/leads.csv").decode())))
        assert sheet[1]["name"] == "'=HYPERLINK(1)", "no spreadsheet runs it"
        assert json.loads(sheet[1]["phones"]) == ["+13035550199"]
        (recording,) = (n for n in names if n.startswith("recordings/") and n.endswith(".wav"))
        assert file.read(recording) == b"RIFF....", "as it sounds"
        everything = b"".join(file.read(n) for n in names)
        columns = {
            c for n in names if n.endswith(".csv") for c in file.read(n).decode().split("\r\n")[0].split(",")
        }
    assert not columns & {
        "key_hash",
        "token_hash",
        "password_hash",
        "resume_code_hash",
        "code_hash",
        "recovery",
    }
    assert b"s3cret" not in everything
    assert archives.look_into(made.path)["kind"] == "export"
    with pytest.raises(Damaged, match="only a backup"):
        await restore(db, made, tmp_path)


async def test_a_recording_whose_key_is_gone_keeps_no_export(
    db: Database, pair: tuple[UUID, UUID], tmp_path: Path
) -> None:
    async with db.tenant(pair[0]) as session:
        await VAULT.forget(session, "files.1")
    made = await archives.export(db, pair[0], tmp_path / "x.zip", vault=VAULT, data_dir=tmp_path, clock=CLOCK)
    (name,) = archives.look_into(made.path)["unreadable"]
    assert name.endswith(".wav")


async def test_a_backup_holds_nothing_of_anybody_else(
    db: Database, pair: tuple[UUID, UUID], tmp_path: Path
) -> None:
    made = await back_up(db, pair[0], tmp_path)
    with zipfile.ZipFile(made.path) as file:
        everything = b"".join(file.read(n) for n in file.namelist())
    assert str(pair[0]).encode() in everything
    for foreign in (str(pair[1]), "+13035550112", "Bolder", "s3cret", "RIFF"):
        assert foreign.encode() not in everything, foreign


async def test_restored_alone_into_a_running_database(
    db: Database, fresh: Cluster, pair: tuple[UUID, UUID], tmp_path: Path
) -> None:
    mine, other = pair
    made = await back_up(db, mine, tmp_path)
    before, theirs = await raw(fresh, mine), await raw(fresh, other)
    async with db.tenant(mine) as session:  # what is lost and spoilt after the backup
        await lifecycle.clear(session, keep=lifecycle.OUTLIVE | {"tickets": "", "callbacks": ""})
        await tenancy.update_tenant(session, brand_name="Spoilt")
        await receipts.audit(session, actor="x", action="spoil", subject="all", at=CLOCK.now())
    recording = next(archives.recordings_of(tmp_path, mine).iterdir())
    recording.unlink()
    restored = await restore(db, made, tmp_path)
    assert (restored.tenant_id, restored.files) == (mine, 1)
    skip = lifecycle.NOT_ARCHIVED.keys() | {"audit_entries", "audit_heads", "tenants"}
    after = await raw(fresh, mine)
    assert {t: r for t, r in after.items() if t not in skip} == {
        t: r for t, r in before.items() if t not in skip
    }
    assert after["tenants"][0]["brand_name"] == before["tenants"][0]["brand_name"]
    assert await raw(fresh, other) == theirs, "nobody else noticed"
    async with db.tenant(mine) as session:
        with (await file_keys.to_read(session, VAULT)).reading(recording) as sound:
            assert sound.read() == b"RIFF...."
        assert await VAULT.open(session, "crm.token") == "s3cret"
        assert await receipts.verify_chain(session) is None
        actions = [e.action for e in await receipts.audit_trail(session)]
        assert actions[-2:] == ["spoil", "restore_tenant"], "the trail goes on, it is not set back"


async def test_restored_into_an_empty_database_with_another_key_ring(
    db: Database, fresh: Cluster, cluster: Cluster, pair: tuple[UUID, UUID], tmp_path: Path
) -> None:
    made = await back_up(db, pair[0], tmp_path)
    before = await raw(fresh, pair[0])
    name = f"t_{new_id().hex}"
    admin = await asyncpg.connect(
        cluster.admin.set(database="postgres").render_as_string(hide_password=False)
    )
    await admin.execute(f"create database {name} template {cluster.admin.database} strategy file_copy")
    there = replace(cluster, admin=cluster.admin.set(database=name))
    elsewhere, ring = Database(there), KeyRing({"other": b"9" * 32}, "other")
    try:
        await restore(elsewhere, made, tmp_path / "elsewhere", vault=Vault(ring))
        after = await raw(there, pair[0])
        skip = lifecycle.NOT_ARCHIVED.keys() | {"audit_entries", "audit_heads", "calls"}
        assert {t: r for t, r in after.items() if t not in skip} == {
            t: r for t, r in before.items() if t not in skip
        }
        assert after["audit_entries"][:-1] == before["audit_entries"]
        assert str(tmp_path / "elsewhere") in after["calls"][0]["recording_path"]
        async with elsewhere.tenant(pair[0]) as session:
            assert await Vault(ring).open(session, "crm.token") == "s3cret"
            assert await receipts.verify_chain(session) is None
            keys = await file_keys.to_read(session, Vault(ring))
            with keys.reading(Path(after["calls"][0]["recording_path"])) as sound:
                assert sound.read() == b"RIFF...."
        assert sum(len(r) for r in (await raw(there, pair[1])).values()) == 0
    finally:
        await elsewhere.close()
        await admin.execute(f"drop database {name} with (force)")
        await admin.close()


async def test_what_was_changed_is_refused_and_changes_nothing(
    db: Database, fresh: Cluster, pair: tuple[UUID, UUID], tmp_path: Path
) -> None:
    made = await back_up(db, pair[0], tmp_path)
    before = await raw(fresh, pair[0])
    tampered = tmp_path / "tampered.backup"
    with zipfile.ZipFile(made.path) as old, zipfile.ZipFile(tampered, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"+13035550199", b"+13035550666"))
    planted = tmp_path / "planted.backup"
    planted.write_bytes(made.path.read_bytes())
    with zipfile.ZipFile(planted, "a") as file:
        file.writestr("recordings/../../../evil.wav", b"x")
    cut = tmp_path / "cut.backup"
    cut.write_bytes(made.path.read_bytes()[:-2000])
    for path, key in (
        (tampered, made.key),
        (planted, made.key),
        (cut, made.key),
        (made.path, b"0" * 32),
        (made.path, None),
    ):
        with pytest.raises(Damaged):
            await restore(db, replace(made, path=path), tmp_path, key=key)
    assert await raw(fresh, pair[0]) == before


async def test_a_number_that_is_somebody_elses_by_now_stops_it_whole(
    db: Database, fresh: Cluster, pair: tuple[UUID, UUID], tmp_path: Path
) -> None:
    made = await back_up(db, pair[0], tmp_path)
    async with db.tenant(pair[0]) as session:
        await tenancy.release_number(session, "+13035550111")
    async with db.tenant(pair[1]) as session:
        await tenancy.claim_number(session, ["+13035550111"], provider="dev")
    before = await raw(fresh, pair[0]), await raw(fresh, pair[1])
    with pytest.raises(Conflict):
        await restore(db, made, tmp_path)
    assert (await raw(fresh, pair[0]), await raw(fresh, pair[1])) == before


async def test_an_archive_is_of_one_moment(db: Database, pair: tuple[UUID, UUID], tmp_path: Path) -> None:
    """Leads with tasks come and go while it is written; no task in it lacks its lead."""
    stop = asyncio.Event()

    async def traffic() -> None:
        while not stop.is_set():
            async with db.tenant(pair[0]) as session:
                lead = await leads.upsert_lead(session, None, intent="buyer")  # type: ignore[arg-type]
                await leads.add_task(session, kind="call", title="x", lead_id=lead.id)
            async with db.tenant(pair[0]) as session:
                await leads.delete_lead(session, lead.id)

    coming = [asyncio.create_task(traffic()) for _ in range(3)]
    made = await back_up(db, pair[0], tmp_path)
    stop.set()
    await asyncio.gather(*coming)
    with zipfile.ZipFile(made.path) as file:
        known = {json.loads(line)["id"] for line in file.read("rows/leads.jsonl").splitlines()}
        tasks = [json.loads(line) for line in file.read("rows/tasks.jsonl").splitlines()]
    assert {t["lead_id"] for t in tasks} - {None} <= known
