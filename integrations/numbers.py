"""Telephone numbers for clients: bought from Twilio, or taken from fictional ones where there is no account.

Whoever asks gets candidates; which one a client really gets is decided by the store, whose index lets one
client at a time hold a number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from core.errors import Refused, Unavailable

FICTIONAL = range(100, 200)
"""555-0100 to 555-0199 are reserved for fiction in every area code: no such line rings (NANPA)."""

_AREA = re.compile(r"[2-9]\d{2}")


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers that may be taken (E.164), best first. ``sid``: the carrier's id of the one bought."""

    candidates: tuple[str, ...]
    provider: str
    sid: str | None = None


class Numbers(Protocol):
    """Where numbers come from."""

    provider: str

    async def find(self, area_code: str, *, key: str) -> Found:
        """Candidates in an area code; none means it is sold out.

        ``key`` names the wish: asked again with the same key, the same number comes back, and nothing is
        bought twice. Raises Unavailable when the carrier does not answer, Refused when it declines.
        """

    async def owned(self, *, key: str) -> Found:
        """What was bought under that key, if anything. Buys nothing. Raises Unavailable."""

    async def release(self, e164: str, sid: str | None) -> None:
        """Give a number back; one that is gone already is no error. Raises Unavailable."""


def is_area_code(text: str) -> bool:
    """Whether a North American area code can look like this (no 0 or 1 in front, no N11, not 555)."""
    return bool(_AREA.fullmatch(text)) and text[1:] != "11" and text != "555"


class FictionalNumbers:
    """+1 area 555 01xx. ``taken`` are never handed out (the onboarding number)."""

    provider = "fictional"

    def __init__(self, taken: Sequence[str] = ()):
        self._taken = frozenset(taken)

    async def find(self, area_code: str, *, key: str) -> Found:
        """All hundred of the area code that are not taken, in order."""
        if not is_area_code(area_code):
            return Found((), self.provider)
        numbers = (f"+1{area_code}5550{n:03d}" for n in FICTIONAL)
        return Found(tuple(n for n in numbers if n not in self._taken), self.provider)

    async def owned(self, *, key: str) -> Found:
        """Nothing is ever bought."""
        return Found((), self.provider)

    async def release(self, e164: str, sid: str | None) -> None:
        """Nothing to give back: the store frees the number."""


class TwilioNumbers:
    """Local numbers of one Twilio account, with their webhooks set when they are bought."""

    provider = "twilio"

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        public_url: str,
        api_url: str = "https://api.twilio.com",
        client: httpx.AsyncClient | None = None,
    ):
        self._base = f"{api_url.rstrip('/')}/2010-04-01/Accounts/{account_sid}"
        self._auth = (account_sid, auth_token)
        self._hooks = {
            "VoiceUrl": f"{public_url}/twilio/voice",
            "VoiceMethod": "POST",
            "StatusCallback": f"{public_url}/twilio/status",
            "StatusCallbackMethod": "POST",
        }
        self._client = client or httpx.AsyncClient(timeout=8.0)

    async def find(self, area_code: str, *, key: str) -> Found:
        """One number, bought. The wish's key is the number's friendly name, so a retry finds it again."""
        if (held := await self.owned(key=key)).candidates:
            return held
        name = _name(key)
        query = {"AreaCode": area_code, "VoiceEnabled": "true", "PageSize": "5"}
        free = await self._call("GET", "AvailablePhoneNumbers/US/Local.json", params=query)
        for number in free["available_phone_numbers"]:
            form = {"PhoneNumber": number["phone_number"], "FriendlyName": name, **self._hooks}
            try:
                bought = await self._call("POST", "IncomingPhoneNumbers.json", data=form)
            except Refused:
                continue  # somebody else was quicker
            return Found((bought["phone_number"],), self.provider, bought["sid"])
        return Found((), self.provider)

    async def owned(self, *, key: str) -> Found:
        """The number with the wish's friendly name."""
        owned = await self._call("GET", "IncomingPhoneNumbers.json", params={"FriendlyName": _name(key)})
        for number in owned["incoming_phone_numbers"]:
            return Found((number["phone_number"],), self.provider, number["sid"])
        return Found((), self.provider)

    async def release(self, e164: str, sid: str | None) -> None:
        """Give the number back to Twilio."""
        if sid is not None:
            await self._call("DELETE", f"IncomingPhoneNumbers/{sid}.json")

    async def _call(self, method: str, path: str, **kw: Any) -> dict[str, Any]:
        try:
            answer = await self._client.request(method, f"{self._base}/{path}", auth=self._auth, **kw)
        except httpx.HTTPError:
            raise Unavailable("the carrier does not answer") from None
        if answer.status_code == 404 and method == "DELETE":
            return {}
        if answer.status_code >= 500 or answer.status_code == 429:
            raise Unavailable(f"the carrier answered {answer.status_code}")
        if answer.status_code >= 400:
            raise Refused(f"the carrier declined ({answer.status_code})", code="carrier_declined")
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found


def _name(key: str) -> str:
    """The friendly name that the number of a wish carries."""
    return f"seiketsu:{key}"[:64]
