"""Is this request really from Twilio? ``X-Twilio-Signature`` over the address Twilio used.

Behind a proxy the service does not see that address, so several candidates are tried, all of them built
from the configured public address or from a proxy that is trusted, never from what a stranger claims.
Source: twilio.com/docs/usage/webhooks/webhooks-security; the wss rule: twilio-aspnet issue 162.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit, urlunsplit

from twilio.request_validator import RequestValidator, get_signature_algorithm

SIGNATURE = "x-twilio-signature"
SETTINGS = "x-twilio-webhooks-signature-settings"


def candidates(origins: Iterable[str], path: str, query: str = "", *, socket: bool = False) -> list[str]:
    """Addresses Twilio may have signed for this path.

    For a socket the scheme is wss and the port may or may not have been part of it; a trailing slash
    makes another signature, so both forms are tried. ``origins`` are scheme and host, without a path.
    """
    found: list[str] = []
    for origin in origins:
        parts = urlsplit(origin if "//" in origin else f"https://{origin}")
        secure = parts.scheme in ("https", "wss")
        scheme = ("wss" if secure else "ws") if socket else ("https" if secure else "http")
        base = parts.path.rstrip("/") + "/" + path.strip("/")
        hosts = [parts.netloc]
        if socket and parts.hostname:
            default = 443 if secure else 80
            if parts.port is None:
                hosts.append(f"{parts.netloc}:{default}")
            elif parts.port == default:
                hosts.append(parts.netloc.rsplit(":", 1)[0])
        tails = [base, base + "/"] if socket else [base + ("/" if path.endswith("/") else "")]
        for host in hosts:
            for tail in tails:
                found.append(urlunsplit((scheme, host, tail, query, "")))
    return list(dict.fromkeys(found))


def is_signed(
    urls: Iterable[str], parameters: Mapping[str, str], headers: Mapping[str, str], token: str
) -> bool:
    """Whether the signature fits any of the addresses under ``token``.

    ``token`` is the auth token of the account that sent the request, or a SharedKey's secret when the
    headers announce one (HMAC-SHA256, twilio-python 9.13). ``headers`` has lower-case names.
    """
    signature = headers.get(SIGNATURE, "")
    if not signature or not token:
        return False
    validator = RequestValidator(token)
    algorithm = get_signature_algorithm(headers.get(SETTINGS, ""))
    return any(validator.validate(url, dict(parameters), signature, algorithm) for url in urls)
