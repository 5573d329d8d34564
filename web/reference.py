"""``/docs``: the API to read and to try, on a page that asks nobody else for anything.

Swagger UI (Apache-2.0) comes with the package ``fastapi-offline``; of it only the files are used.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from web.pages import CSP, HEADERS, STATIC

ASSETS = Path(str(files("fastapi_offline"))) / "static"
# Swagger UI draws its icons and marks its fields with styles of its own
PAGE = {**HEADERS, "Content-Security-Policy": f"{CSP}; style-src 'self' 'unsafe-inline'"}
DAY = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def reference() -> Response:
    """The reference of the API."""
    return FileResponse(STATIC / "docs.html", media_type="text/html", headers=PAGE)


@router.get("/docs/{asset}")
async def asset(asset: Literal["swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"]) -> Response:
    """What the page is drawn with."""
    return FileResponse(ASSETS / asset, headers=DAY)
