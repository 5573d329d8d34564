"""Twilio's request signature, made independently of the library the service checks it with."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping


def sign(token: str, url: str, form: Mapping[str, str] | None = None) -> str:
    """``X-Twilio-Signature``: base64 of HMAC-SHA1 over the full URL and the sorted form fields.

    A socket upgrade is signed over its ``wss://`` URL with no fields.
    """
    text = url + "".join(name + value for name, value in sorted((form or {}).items()))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
