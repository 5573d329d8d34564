"""Shared speech fixtures: models load once a test session, into a cache the machine keeps."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():  # pipecat imports the standard library's audioop, which warns on import
    warnings.simplefilter("ignore", DeprecationWarning)
    import pipecat.audio.utils  # noqa: F401

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
