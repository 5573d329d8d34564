"""What every body of the API shares: unknown keys are refused, numbers are numbers, lists come in pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict

from policies import business_hours
from tools.values import Email as Email_
from tools.values import Phone as Phone_

Int = Annotated[int, Strict()]
Number = Annotated[float, Strict()]
Bool = Annotated[bool, Strict()]

Phone = Annotated[
    Phone_,
    Field(json_schema_extra={"pattern": r"^\+[1-9][0-9]{6,14}$", "examples": ["+13035550142"]}),
]
"""E.164."""
Email = Annotated[
    Email_, Field(max_length=254, json_schema_extra={"format": "email", "examples": ["maria@acme.example"]})
]


def _one_line(value: str) -> str:
    text = " ".join(value.split())
    if not text:
        raise ValueError("must not be blank")
    return text


Line = Annotated[str, AfterValidator(_one_line), Field(min_length=1, json_schema_extra={"pattern": r"\S"})]
"""Text in one line, not blank."""
Prose = Annotated[str, Field(json_schema_extra={"examples": ["Looking for a quiet street."]})]


def _weekly(value: Any) -> Any:
    if isinstance(value, dict) and all(
        isinstance(spans, list)
        and all(isinstance(s, list) and len(s) == 2 and all(isinstance(t, str) for t in s) for s in spans)
        for spans in value.values()
    ):
        wrong = business_hours.problems(value)
        if wrong:
            raise ValueError(" ".join(wrong))
    return value


WeeklyHours = Annotated[
    dict[str, list[list[str]]],
    BeforeValidator(_weekly),
    Field(
        description='Opening times by day: `{"mon": [["09:00", "18:00"]]}`, local time. A missing day '
        "is closed.",
        examples=[{"mon": [["09:00", "18:00"]], "sat": [["10:00", "14:00"]]}],
    ),
]


class Shape(BaseModel):
    """A body, in or out."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, populate_by_name=True)


def _no_defaults(schema: dict[str, Any]) -> None:
    for one in schema.get("properties", {}).values():
        one.pop("default", None)


class Change(Shape):
    """A body of which only what is named is changed; null empties what may be empty.

    What is not sent stays, so the document names no defaults: a generated client would send them.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra=_no_defaults)

    def changes(self) -> dict[str, Any]:
        """What was named, as plain values."""
        return self.model_dump(mode="json", exclude_unset=True)


T = TypeVar("T")


class Page(Shape, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str | None = Field(
        description="Pass it as `after` to get the following page. Null on the last.",
        examples=["eyJwIjoiMDFhMjAxOTcifQ"],
    )


S = TypeVar("S", bound=Shape)


def view(kind: type[S], row: Any, **more: Any) -> S:
    """A stored row in the API's shape; ``more`` are fields the row has not."""
    names: Iterable[str] = kind.model_fields.keys() - more.keys()
    return kind.model_validate({**{name: getattr(row, name) for name in names if hasattr(row, name)}, **more})
