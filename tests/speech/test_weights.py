"""Model files: only what is pinned is used, and joining survives races and damage."""

from __future__ import annotations

import hashlib
import multiprocessing
import sys
from pathlib import Path

import pytest

from agent.speech import weights
from agent.speech.weights import Pin, WeightsError, join, locate, verified

ONE, TWO, SIDE = b"a" * 300_000, b"b" * 200_000, b"{}"


def _pin(name: str, content: bytes) -> Pin:
    return Pin("fake_weights_pkg", name, hashlib.sha256(content).hexdigest(), "fake-weights-pkg")


@pytest.fixture
def package(tmp_path, monkeypatch):
    home = tmp_path / "site" / "fake_weights_pkg"
    home.mkdir(parents=True)
    (home / "__init__.py").touch()
    for name, content in (("one", ONE), ("two", TWO), ("config.json", SIDE)):
        (home / name).write_bytes(content)
    monkeypatch.syspath_prepend(str(home.parent))
    yield home
    sys.modules.pop("fake_weights_pkg", None)


PARTS = (_pin("one", ONE), _pin("two", TWO))
BESIDE = (_pin("config.json", SIDE),)
WHOLE = hashlib.sha256(ONE + TWO).hexdigest()


def _join(cache: Path) -> Path:
    return join("model", PARTS, WHOLE, BESIDE, cache)


def test_joined_once_and_reused(package, tmp_path):
    home = _join(tmp_path / "cache")
    assert (home / "model.bin").read_bytes() == ONE + TWO
    assert (home / "config.json").read_bytes() == SIDE
    before = (home / "model.bin").stat().st_ino
    assert _join(tmp_path / "cache") == home
    assert (home / "model.bin").stat().st_ino == before


def test_a_half_written_cache_is_replaced(package, tmp_path):
    home = _join(tmp_path / "cache")
    (home / "model.bin").write_bytes(ONE)
    (home / "config.json").write_bytes(b"x")
    _join(tmp_path / "cache")
    assert (home / "model.bin").read_bytes() == ONE + TWO
    assert (home / "config.json").read_bytes() == SIDE


def test_a_tampered_half_is_refused_by_name_and_leaves_nothing(package, tmp_path):
    (package / "two").write_bytes(TWO[:-1] + b"X")
    with pytest.raises(WeightsError) as caught:
        _join(tmp_path / "cache")
    (problem,) = caught.value.problems
    assert problem.where == "fake-weights-pkg: two"
    assert "uv sync --reinstall-package fake-weights-pkg" in problem.next_step
    assert not (tmp_path / "cache" / "model" / "model.bin").exists()


def test_missing_package_and_missing_file_say_what_to_do(package):
    with pytest.raises(WeightsError, match="not installed"):
        locate(Pin("no_such_weights", "x", "0", "no-such-weights"))
    (package / "one").unlink()
    with pytest.raises(WeightsError, match="missing from the installed package"):
        locate(PARTS[0])


def test_unwritable_cache_is_a_startup_problem(package, tmp_path):
    (tmp_path / "cache").write_text("a file where a directory should be")
    with pytest.raises(WeightsError, match="writable"):
        _join(tmp_path / "cache")


def _race(site: str, cache: str, start, results) -> None:
    sys.path.insert(0, site)
    start.wait(10)
    home = _join(Path(cache))
    results.put(hashlib.sha256((home / "model.bin").read_bytes()).hexdigest())


def test_processes_that_join_at_once_all_get_the_whole_file(package, tmp_path):
    spawn = multiprocessing.get_context("fork")
    start, results = spawn.Event(), spawn.Queue()
    racers = [
        spawn.Process(target=_race, args=(str(package.parent), str(tmp_path / "cache"), start, results))
        for _ in range(4)
    ]
    for racer in racers:
        racer.start()
    start.set()
    assert [results.get(timeout=20) for _ in racers] == [WHOLE] * 4
    for racer in racers:
        racer.join(10)
    assert [p.name for p in (tmp_path / "cache" / "model").iterdir() if p.name.startswith(".")] == []


@pytest.mark.speech
def test_every_installed_model_file_matches_its_pin():
    small = (
        weights.HIBARI_VOICE,
        weights.HIBARI_WORDS,
        weights.SILERO_VAD,
        weights.SMART_TURN,
        *weights.TINY_FILES,
        *weights.BASE_FILES,
        *weights.BASE_PARTS,
    )
    for pin in small:
        assert verified(pin).is_file()
