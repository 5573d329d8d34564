"""An open file as an answer, whole or the one range that was asked for (RFC 9110, 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from fastapi import Response
from fastapi.responses import StreamingResponse

from stores.file_keys import size_of

_STEP = 1 << 16
_ONE = re.compile(r"bytes=(\d*)-(\d*)")


def ranged(file: BinaryIO, range_: str | None, *, media_type: str, headers: Mapping[str, str]) -> Response:
    """The file, read as it is sent and closed behind it. Blocking until its size is known.

    Several ranges, or another unit, are answered with the whole, as the RFC allows; a range behind the end
    is 416.
    """
    size = size_of(file)
    asked = _ONE.fullmatch((range_ or "").strip().lower())
    common = {**headers, "Accept-Ranges": "bytes"}
    if asked is None or asked[1] == asked[2] == "":
        return StreamingResponse(
            _parts(file, 0, size), 200, {**common, "Content-Length": str(size)}, media_type=media_type
        )
    first, last = _span(asked[1], asked[2], size)
    if (asked[2] and asked[1] and int(asked[1]) > int(asked[2])) or first > last:
        file.close()
        return Response(status_code=416, headers={**common, "Content-Range": f"bytes */{size}"})
    part = {"Content-Range": f"bytes {first}-{last}/{size}", "Content-Length": str(last - first + 1)}
    return StreamingResponse(_parts(file, first, last + 1), 206, {**common, **part}, media_type=media_type)


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte of a range; one without a beginning is that many bytes of the end."""
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _parts(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while start < end and (part := file.read(min(_STEP, end - start))):
            start += len(part)
            yield part
