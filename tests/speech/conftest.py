"""Shared speech fixtures: models load once a test session, into a cache the machine keeps."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from agent.speech.recognizer import Recognizer


def model_cache() -> Path:
    """Outside the project, so that a second run does not join the model again."""
    return Path(tempfile.gettempdir()) / "seiketsu-test-models"


@pytest.fixture(scope="session")
def recognizer():
    ears = Recognizer(model_cache(), model="base", workers=2)
    ears.load()
    yield ears
    ears.close()
