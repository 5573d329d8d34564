"""SIGKILL for a real process in the middle of two leads' calls; another one goes on with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulate.killing import BACK_SECONDS, kill_often


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_a_killed_process_loses_nothing(tmp_path: Path) -> None:
    found = await kill_often(tmp_path, kills=1, calls=2, seed=5)
    assert found.kills == 1 and len(found.hit) == 2, "both calls were on the line"
    assert found.problems == []
    assert all(one.back is not None and one.back < BACK_SECONDS for one in found.hit)
