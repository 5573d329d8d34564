"""What the routes share; made once by the composition root and kept on ``app.state``."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from agent.parts import Parts


def parts_of(request: Request) -> Parts:
    """What this application's routes share."""
    return cast(Parts, request.app.state.parts)


PartsDep = Annotated[Parts, Depends(parts_of)]
