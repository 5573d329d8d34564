"""Lists in pages that lose and repeat nothing while rows are added: each begins behind a row."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request
from pydantic import Field

from core.errors import InvalidInput, Problem
from web.api.shape import Shape

Row = TypeVar("Row")


class Paging(Shape):
    """The query of a list. Subclasses add filters; a name that is no filter is refused."""

    limit: int = Field(50, ge=1, le=200, description="How many to a page.")
    after: str | None = Field(
        None, max_length=500, description="The `next` of the page before. It belongs to the same filters."
    )

    def begins_after(self) -> str | None:
        """The place the cursor names; None: at the start. InvalidInput for one that is none of ours."""
        if self.after is None:
            return None
        try:
            raw = base64.urlsafe_b64decode(self.after.encode() + b"=" * (-len(self.after) % 4))
            found = json.loads(raw)
            place, filters = found["p"], found["f"]
        except (ValueError, KeyError, TypeError, UnicodeError, binascii.Error, RecursionError):
            raise _bad("is no cursor of ours") from None
        if not isinstance(place, str):
            raise _bad("is no cursor of ours")
        if filters != self._filters():
            raise _bad("belongs to a list with other filters")
        return place

    def begins_after_id(self) -> UUID | None:
        """``begins_after`` for lists in order of their ids."""
        place = self.begins_after()
        try:
            return UUID(place) if place is not None else None
        except ValueError:
            raise _bad("is no cursor of ours") from None

    def begins_after_number(self) -> int | None:
        """``begins_after`` for lists in order of their numbers."""
        place = self.begins_after()
        if place is not None and not (place.isascii() and place.isdigit() and len(place) < 10):
            raise _bad("is no cursor of ours")
        return int(place) if place is not None else None

    def cursor(self, place: Any) -> str:
        """An opaque name for "behind this place in this list"."""
        text = json.dumps({"p": str(place), "f": self._filters()}, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _filters(self) -> str:
        given = self.model_dump(mode="json", exclude={"limit", "after"}, exclude_none=True)
        return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()[:8]


def _bad(why: str) -> InvalidInput:
    return InvalidInput(
        "the cursor cannot be used",
        problems=[Problem(why, "query.after", "take `next` of the page before", "cursor")],
    )


def cut(query: Paging, rows: Sequence[Row], place: Callable[[Row], Any]) -> tuple[Sequence[Row], str | None]:
    """A page of rows that were asked for with one too many, and its ``next``."""
    page = rows[: query.limit]
    return page, query.cursor(place(page[-1])) if len(rows) > query.limit else None


def link_header(request: Request, next_: str | None) -> dict[str, str]:
    """``Link: <...>; rel="next"`` (RFC 8288), where there is a next page."""
    if next_ is None:
        return {}
    url = request.url.include_query_params(after=next_)
    return {"Link": f'<{url.path}?{url.query}>; rel="next"'}
