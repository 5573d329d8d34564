"""Who may call what. A route without one of these is refused by the start-up check."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from core.errors import NotSignedIn

bearer = HTTPBearer(auto_error=False, description="The platform operator's key (SEIKETSU_ADMIN_KEY)")


async def operator(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> None:
    """Let the platform operator through, nobody else."""
    key: str = request.app.state.operator_key
    if given is None or not hmac.compare_digest(given.credentials.encode(), key.encode()):
        raise NotSignedIn("this needs the operator's key: Authorization: Bearer <SEIKETSU_ADMIN_KEY>")


PUBLIC_PATHS = frozenset(
    {
        # health of the process, no data
        "/healthz",
        "/readyz",
        "/metrics",
        # documents and pages
        "/",
        "/openapi.json",
        "/docs",
        "/docs/oauth2-redirect",
        "/redoc",
        "/talk",
        "/static",
        # a conversation is its own capability: an unguessable id, made for the one who began it
        "/api/v1/conversations",
        "/api/v1/conversations/{conversation_id}",
        "/api/v1/conversations/{conversation_id}/messages",
        "/chat",
        "/talk/audio",
        "/talk/lines",
        # one-time links carry their own secret
        "/link/{token}",
        "/l/{token}",
        # signed by Twilio, checked in the route
        "/twilio/voice",
        "/twilio/resume",
        "/twilio/status",
        "/twilio/media",
        "/twilio/whisper",
    }
)
"""Routes that do not ask for the operator's key, each for the reason beside it."""
