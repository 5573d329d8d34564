"""C32: nothing personal in the logs, whoever writes them."""

import io
import json
import logging

import pytest
from loguru import logger

from core.logs import redact, setup_logs


@pytest.fixture
def out() -> io.StringIO:
    sink = io.StringIO()
    setup_logs("INFO", "json", sink)
    return sink


def test_lines_are_json_with_call_and_tenant(out: io.StringIO) -> None:
    with logger.contextualize(call="c-1", tenant="t-1"):
        logger.info("call answered")
    line = json.loads(out.getvalue())
    assert (line["message"], line["call"], line["tenant"]) == ("call answered", "c-1", "t-1")


@pytest.mark.parametrize(
    "text",
    [
        "reach maria.lopez@harbor-realty.com",
        "from +1 (303) 555-0142",
        "from 3035550142",
        "card 4242 4242 4242 4242",
        "Authorization: Bearer abcdefghijklmnop",
        "password=hunter2hunter2",
    ],
)
def test_personal_data_and_secrets_are_masked(text: str, out: io.StringIO) -> None:
    logging.getLogger("some.library").warning(text)
    written = out.getvalue()
    for secret in ("maria", "5550142", "555-0142", "4242 4242", "abcdefghij", "hunter2"):
        assert secret not in written


def test_times_and_short_numbers_stay(out: io.StringIO) -> None:
    assert (
        redact("took 1234 ms at 2026-11-22T10:15:30 port 8000")
        == "took 1234 ms at 2026-11-22T10:15:30 port 8000"
    )


def test_an_exception_shows_its_place_not_its_text(out: io.StringIO) -> None:
    try:
        raise ValueError("Maria Lopez said no")
    except ValueError:
        logger.exception("a turn failed")
    line = json.loads(out.getvalue())
    assert line["exception"] == "ValueError" and "Maria" not in out.getvalue()
    assert any("test_logs" in place for place in line["trace"])


@pytest.mark.parametrize("form", ["json", "text"])
@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING", "ERROR"])
def test_the_speech_library_cannot_quote_a_caller(level: str, form: str) -> None:
    sink = io.StringIO()
    setup_logs("DEBUG", form, sink)
    said = logger.patch(lambda record: record.update(name="pipecat.services.tts_service"))
    said.log(level, "TTS#0: service is no longer usable, not speaking [Thank you Maria Lopez.]")
    said.log(level, "unexpected exception (tts.py:12): Maria Lopez hung up")
    said.log(level, "Generating TTS [Maria")
    assert "Maria" not in sink.getvalue()
    assert bool(sink.getvalue()) == (level in ("WARNING", "ERROR"))
