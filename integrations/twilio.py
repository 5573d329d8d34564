"""Twilio's REST API as far as live calls and texts need it (version 2010-04-01).

Errors are ours: NotSignedIn (credentials), NotFound (20404), Refused with ``retry_after`` (429, 20429),
Undeliverable (a text that will never arrive), InvalidInput (any other refusal), Unavailable (5xx, no
answer in time). No message quotes a number or a text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import httpx

from core.errors import InvalidInput, NotFound, NotSignedIn, Refused, SeiketsuError, Unavailable
from integrations.http import client, send
from integrations.outbox import Undeliverable

SECONDS = 3.0
"""A caller is on the line: better give up than wait."""
_SID = re.compile(r"(?:AC|CA|MG|PN)[0-9A-Za-z]{1,40}")
_NEVER_DELIVERED = frozenset({21211, 21408, 21610, 21612, 21614, 30003, 30005, 30006, 30034})
"""Not a number, region not allowed, opted out, unroutable, landline, unreachable, unknown, not registered."""
_GONE = frozenset({20404})
_TOO_MANY = frozenset({20429})


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the carrier's that is one client's. ``token`` is its secret, where there is one."""

    sid: str
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CallOrder:
    """A call to place. ``answer``, ``status`` and ``machine`` are our addresses for what comes of it.

    ``leave_words``: wait for a machine's beep, rather than only tell that it is one. ``longest``: seconds
    after which the carrier ends it, whatever happens.
    """

    to: str
    from_: str
    answer: str
    status: str
    machine: str
    ring_seconds: int
    machine_seconds: int
    longest: int
    leave_words: bool = False
    account: str = ""


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call as the carrier has it. ``status`` in its own words."""

    sid: str
    status: str
    answered_by: str | None
    created: datetime | None
    account: str = ""


class Calls(Protocol):
    """Who places calls."""

    async def place(self, order: CallOrder) -> PlacedCall:
        """Place a call; never tried twice by itself. Refused (later), NotSignedIn, InvalidInput (it will not
        call that number); Unavailable: it may or may not have been placed."""

    async def placed_since(self, order_to: str, from_: str, since: datetime) -> Sequence[PlacedCall]:
        """Calls from one number to another that were made at or after that moment. Unavailable ..."""

    async def look(self, account_sid: str, call_sid: str) -> PlacedCall:
        """One call. NotFound, Unavailable ..."""

    async def redirect(
        self, account_sid: str, call_sid: str, *, twiml: str | None = None, url: str | None = None
    ) -> None:
        """Give a live call a new document. NotFound when it is over."""

    async def hang_up(self, account_sid: str, call_sid: str) -> None:
        """End a call. One that is over already is no error."""


class Accounts(Protocol):
    """Where clients' own accounts with the carrier come from."""

    async def ensure(self, name: str) -> Account:
        """The one open account of that name, made if there is none. However often and by how many asked,
        one is left. Unavailable, InvalidInput, NotSignedIn."""

    async def suspend(self, sid: str, *, suspended: bool) -> None:
        """Stop or resume everything in it. One that is gone is no error."""

    async def shut(self, name: str) -> None:
        """Close every account of that name, for ever. None there is no error."""


class FictionalAccounts:
    """Development's stand-in: the account's id follows from the name, and nothing is kept anywhere."""

    async def ensure(self, name: str) -> Account:
        """See ``Accounts``."""
        return Account("AC" + hashlib.sha256(name.encode()).hexdigest()[:32])

    async def suspend(self, sid: str, *, suspended: bool) -> None:
        """See ``Accounts``."""

    async def shut(self, name: str) -> None:
        """See ``Accounts``."""


class Twilio:
    """One account's remote control: live calls and texts (outbox.SmsSender).

    The parent account's credentials also work on its subaccounts' resources. ``sms_from`` is a number or
    a messaging service (``MG...``).
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        api_url: str = "https://api.twilio.com",
        sms_from: str | None = None,
        timeout: float = SECONDS,
        http: httpx.AsyncClient | None = None,
    ):
        self.account_sid = account_sid
        self._auth = (account_sid, auth_token)
        self._root = f"{api_url.rstrip('/')}/2010-04-01/Accounts"
        self._sms_from = sms_from
        self._http = http or client(timeout=timeout)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    # -- calls ------------------------------------------------------------------------------------

    async def place(self, order: CallOrder) -> PlacedCall:
        """See ``Calls``. Machine detection runs beside the call, so a person is never kept waiting for it."""
        fields: dict[str, str | list[str]] = {
            "To": order.to,
            "From": order.from_,
            "Url": order.answer,
            "Method": "POST",
            "StatusCallback": order.status,
            "StatusCallbackMethod": "POST",
            "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
            "Timeout": str(order.ring_seconds),
            "TimeLimit": str(order.longest),
            "MachineDetection": "DetectMessageEnd" if order.leave_words else "Enable",
            "MachineDetectionTimeout": str(order.machine_seconds),
            "AsyncAmd": "true",
            "AsyncAmdStatusCallback": order.machine,
            "AsyncAmdStatusCallbackMethod": "POST",
        }
        return _placed(await self._post(f"{_sid(order.account or self.account_sid)}/Calls.json", fields))

    async def placed_since(self, order_to: str, from_: str, since: datetime) -> Sequence[PlacedCall]:
        """See ``Calls``. The carrier filters by day only; the moment is compared here."""
        query = {"To": order_to, "From": from_, "StartTime>": since.date().isoformat(), "PageSize": "50"}
        told = await self._ask("GET", f"{self.account_sid}/Calls.json", tries=2, params=query)
        found = [_placed(one) for one in told.get("calls", []) if isinstance(one, dict)]
        whole = since.replace(microsecond=0)  # its clock has no fractions of a second
        return [one for one in found if one.created is None or one.created >= whole]

    async def look(self, account_sid: str, call_sid: str) -> PlacedCall:
        """See ``Calls``."""
        path = f"{_sid(account_sid or self.account_sid)}/Calls/{_sid(call_sid)}.json"
        return _placed(await self._ask("GET", path, tries=2))

    async def hang_up(self, account_sid: str, call_sid: str) -> None:
        """End a call. One that is over already is no error."""
        try:
            await self._update_call(account_sid, call_sid, Status="completed")
        except NotFound:
            return

    async def redirect(
        self, account_sid: str, call_sid: str, *, twiml: str | None = None, url: str | None = None
    ) -> None:
        """Give a live call a new document; its media stream ends. One of ``twiml`` and ``url``."""
        if (twiml is None) == (url is None):
            raise InvalidInput("a call is redirected to a document or to an address")
        target = {"Twiml": twiml} if twiml is not None else {"Url": url or "", "Method": "POST"}
        await self._update_call(account_sid, call_sid, **target)

    async def _update_call(self, account_sid: str, call_sid: str, **fields: str) -> None:
        # the same update twice is one update, so it may be tried again
        await self._post(
            f"{_sid(account_sid or self.account_sid)}/Calls/{_sid(call_sid)}.json", fields, tries=2
        )

    # -- texts --------------------------------------------------------------------------------------

    async def send_sms(self, to: str, body: str) -> str:
        """Send a text; Twilio's id of it. Never tried twice: it would arrive twice."""
        if not self._sms_from:
            raise Undeliverable("there is no registered sender for texts", code="no_sender")
        sender = "MessagingServiceSid" if self._sms_from.startswith("MG") else "From"
        fields = {"To": to, "Body": body, sender: self._sms_from}
        answer = await self._post(f"{self.account_sid}/Messages.json", fields)
        return str(answer.get("sid", ""))

    # -- clients' own accounts -----------------------------------------------------------------------

    async def ensure(self, name: str) -> Account:
        """See ``Accounts``. Twilio has no idempotency key: two at once may both make one, so whoever made
        one looks again, and the oldest stays."""
        found = await self._open_accounts(name)
        if not found:
            await self._post(".json", {"FriendlyName": name})
            found = await self._open_accounts(name)
        if not found:
            raise Unavailable("the carrier does not list the account it made")
        oldest, *others = sorted(found, key=lambda one: (_when(one), str(one["sid"])))
        for one in others:
            await self._close_account(str(one["sid"]))
        return Account(str(oldest["sid"]), str(oldest["auth_token"]) if oldest.get("auth_token") else None)

    async def suspend(self, sid: str, *, suspended: bool) -> None:
        """See ``Accounts``."""
        try:
            await self._post(f"{_sid(sid)}.json", {"Status": "suspended" if suspended else "active"}, tries=2)
        except NotFound:
            return

    async def shut(self, name: str) -> None:
        """See ``Accounts``."""
        for one in await self._open_accounts(name, any_status=True):
            await self._close_account(str(one["sid"]))

    async def _open_accounts(self, name: str, *, any_status: bool = False) -> list[dict[str, Any]]:
        query = {"FriendlyName": name} | ({} if any_status else {"Status": "active"})
        told = await self._ask("GET", ".json", tries=2, params=query)
        rows = [one for one in told.get("accounts", []) if one.get("friendly_name") == name]
        return [one for one in rows if one.get("status") != "closed" and one["sid"] != self.account_sid]

    async def _close_account(self, sid: str) -> None:
        try:
            await self._post(f"{_sid(sid)}.json", {"Status": "closed"}, tries=2)
        except NotFound:
            return

    async def _post(
        self, path: str, fields: Mapping[str, str | list[str]], *, tries: int = 1
    ) -> dict[str, Any]:
        return await self._ask("POST", path, tries=tries, data=fields)

    async def _ask(self, method: str, path: str, *, tries: int, **request: Any) -> dict[str, Any]:
        address = f"{self._root}{path}" if path.startswith(".") else f"{self._root}/{path}"
        try:
            answer = await send(self._http, method, address, tries=tries, auth=self._auth, **request)
        except httpx.HTTPError:
            raise Unavailable("the carrier does not answer") from None
        told = _json(answer)
        if answer.is_success:
            return told
        raise refusal(answer.status_code, told.get("code"), answer.headers.get("retry-after"))


def refusal(status: int, code: Any, retry_after: str | None = None) -> SeiketsuError:
    """The error for an answer that is not 2xx: HTTP status, and Twilio's own code when it gave one."""
    number = code if isinstance(code, int) else 0
    if status == 404 or number in _GONE:
        return NotFound("the carrier knows no such resource")
    if status in (401, 403) or number == 20003:
        return NotSignedIn("the carrier refused our credentials")
    if status == 429 or number in _TOO_MANY:
        seconds = float(retry_after) if retry_after and retry_after.replace(".", "", 1).isdigit() else None
        return Refused("the carrier takes no more requests now", retry_after=seconds)
    if status >= 500:
        return Unavailable(f"the carrier answered {status}")
    if number in _NEVER_DELIVERED:
        return Undeliverable(f"the text cannot be delivered ({number})")
    return InvalidInput(f"the carrier refused the request ({status}/{number})", code="carrier_declined")


def _when(account: dict[str, Any]) -> float:
    """When it was made; Twilio writes dates as e-mails do."""
    try:
        return parsedate_to_datetime(str(account["date_created"])).timestamp()
    except (KeyError, ValueError, TypeError):
        return 0.0


def _placed(told: dict[str, Any]) -> PlacedCall:
    sid = told.get("sid")
    if not isinstance(sid, str) or not _SID.fullmatch(sid):
        raise Unavailable("the carrier did not say which call it placed")
    try:
        created = parsedate_to_datetime(str(told["date_created"])).astimezone(UTC)
    except (KeyError, ValueError, TypeError):
        created = None
    return PlacedCall(
        sid,
        str(told.get("status") or "queued"),
        str(told["answered_by"]) if told.get("answered_by") else None,
        created,
        str(told.get("account_sid") or ""),
    )


def _sid(text: str) -> str:
    """Ids come from requests; they become part of an address only when they look like ids."""
    if not _SID.fullmatch(text):
        raise InvalidInput("that is not an id of the carrier's")
    return text


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
