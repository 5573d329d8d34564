"""One log pipeline: loguru, JSON lines, with call and tenant ids and nothing personal.

pipecat logs through loguru, uvicorn and SQLAlchemy through the standard library; both end here and
pass the same redaction. Redaction is the second guard; the first is not to log such things.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import TYPE_CHECKING, Any, TextIO

from loguru import logger

if TYPE_CHECKING:
    from loguru import Message, Record

# DEBUG lines of these libraries carry transcripts and whole contexts
_QUIET = ("pipecat", "openai", "httpx", "httpcore", "faster_whisper", "sqlalchemy", "asyncio", "websockets")

# quotes spoken text at WARNING, too, and whole messages of vendors at ERROR
_TALKATIVE = "pipecat"
_QUOTED = re.compile(r"[\[\]{}'\"«“]|: ")

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LONG_NUMBER = re.compile(r"(?<![\w.:-])\+?\d(?:[\s().-]?\d){6,}(?![\w:])")
_BEARER = re.compile(r"(?i)\b(bearer|basic|token|key|password|secret)([\s=:]+)[\w.~+/=-]{8,}")


def redact(text: str) -> str:
    """Mask e-mail addresses, phone, card and social security numbers, and credentials."""
    text = _EMAIL.sub("[email]", text)
    text = _BEARER.sub(r"\1\2[secret]", text)
    return _LONG_NUMBER.sub(_mask_number, text)


def _mask_number(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match.group())
    # timestamps and ids have separators that the pattern refuses; what is left is personal
    return f"[number ..{digits[-2:]}]"


def _message(record: Record) -> str:
    """What is written of a record: of the speech library only what was not put in, and where it said it."""
    if not _of(record, _TALKATIVE):
        return redact(record["message"])
    head = _QUOTED.split(record["message"], maxsplit=1)[0].strip()
    return f"{redact(head)} ({record['function']}:{record['line']})"


def _of(record: Record, *names: str) -> bool:
    return (record["name"] or "").startswith(names)


def _as_json(record: Record) -> str:
    line: dict[str, Any] = {
        "at": record["time"].isoformat(),
        "level": record["level"].name,
        "where": record["name"],
        "message": _message(record),
    }
    line.update({k: v if isinstance(v, int | float | bool) else str(v) for k, v in record["extra"].items()})
    if record["exception"] is not None and record["exception"].type is not None:
        line["exception"] = record["exception"].type.__name__
        trace = record["exception"].traceback
        frames = []
        while trace is not None:
            code = trace.tb_frame.f_code
            frames.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        line["trace"] = frames[-8:]
    return json.dumps(line, ensure_ascii=False)


class _Intercept(logging.Handler):
    """Standard-library records, handed to loguru."""

    def emit(self, record: logging.LogRecord) -> None:
        level: str | int
        try:
            level = logger.level(record.levelname).name
        except ValueError:
            level = record.levelno
        logger.opt(depth=6, exception=record.exc_info).log(level, "{}", record.getMessage())


def setup_logs(level: str = "INFO", form: str = "json", sink: TextIO | None = None) -> None:
    """Route every log line of the process to ``sink`` (default: stderr) as JSON or text."""
    out = sink or sys.stderr

    def write(message: Message) -> None:
        record = message.record
        least = logging.WARNING if _of(record, _TALKATIVE) else logging.INFO
        if _of(record, *_QUIET) and record["level"].no < least:
            return
        if form == "json":
            out.write(_as_json(record) + "\n")
        else:
            extra = " ".join(f"{k}={v}" for k, v in record["extra"].items())
            out.write(f"{record['time']:HH:mm:ss} {record['level'].name:<7} {_message(record)} {extra}\n")
        out.flush()

    logger.remove()
    logger.add(write, level=level, format="{message}", catch=True)
    logging.basicConfig(handlers=[_Intercept()], level=level, force=True)
    for name in ("httpx", "httpcore", "openai", "faster_whisper", "sqlalchemy.engine"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
