"""Reading a policy: NAME.yaml into its pydantic shape, once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict

HERE = Path(__file__).parent

M = TypeVar("M", bound=BaseModel)


class Policy(BaseModel):
    """Base of every policy's shape: immutable, and a key nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@cache
def load(name: str, shape: type[M]) -> M:
    """The policy called ``name``. Raises pydantic's ValidationError when the file has another shape."""
    return shape.model_validate(yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8")))
