"""Messages leaving the house: e-mail by SMTP, texts by a carrier, or readable files in development."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from core.errors import SeiketsuError, Unavailable


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. ``id`` stays the same over retries, so a mail server can recognise a repetition."""

    id: str
    kind: Literal["sms", "email"]
    to: str
    body: str
    subject: str | None = None
    calendar: str | None = None
    """A calendar file that goes with an e-mail."""


class Undeliverable(SeiketsuError):
    """It will never arrive (unknown address, opted out, a landline): no use trying again."""

    code = "undeliverable"
    status = 422


class SmsSender(Protocol):
    """Something that can send a text message (integrations.twilio)."""

    async def send_sms(self, to: str, body: str) -> str:
        """Send; the carrier's id. Raises Unavailable (try later) or Undeliverable (never)."""


class Messenger:
    """Sends letters. Without SMTP or a text-message sender, that kind becomes a file under ``folder``."""

    def __init__(
        self, folder: Path, *, smtp_url: str | None = None, mail_from: str, sms: SmsSender | None = None
    ):
        self._folder = folder
        self._smtp = urlsplit(smtp_url) if smtp_url else None
        self._from = mail_from
        self._sms = sms

    @property
    def texts_leave(self) -> bool:
        """Whether texts go to a carrier: then their sender must be registered (C15)."""
        return self._sms is not None

    @property
    def mails_leave(self) -> bool:
        """Whether e-mails go to a mail server."""
        return self._smtp is not None

    async def send(self, letter: Letter) -> str:
        """Deliver one letter; where it went (``smtp``, ``sms``, ``file``).

        Raises Unavailable when trying again may help, Undeliverable when it will not.
        """
        if letter.kind == "email" and self._smtp is not None:
            await self._mail(letter)
            return "smtp"
        if letter.kind == "sms" and self._sms is not None:
            await self._sms.send_sms(letter.to, letter.body)
            return "sms"
        await asyncio.to_thread(self._write, letter)
        return "file"

    async def _mail(self, letter: Letter) -> None:
        assert self._smtp is not None
        mail = EmailMessage()
        mail["From"], mail["To"] = self._from, letter.to
        mail["Subject"] = letter.subject or ""
        mail["Message-ID"] = make_msgid(letter.id, "seiketsu")
        mail.set_content(letter.body)
        if letter.calendar:
            method = "CANCEL" if "METHOD:CANCEL" in letter.calendar else "PUBLISH"
            mail.add_attachment(
                letter.calendar.encode(),
                maintype="text",
                subtype="calendar",
                filename="appointment.ics",
                params={"method": method, "charset": "utf-8"},
            )
        secure = self._smtp.scheme == "smtps"
        try:
            await aiosmtplib.send(
                mail,
                hostname=self._smtp.hostname or "localhost",
                port=self._smtp.port or (465 if secure else 587),
                username=unquote(self._smtp.username) if self._smtp.username else None,
                password=unquote(self._smtp.password) if self._smtp.password else None,
                use_tls=secure,
                timeout=15,
            )
        except aiosmtplib.SMTPRecipientsRefused:
            raise Undeliverable("the address was refused") from None
        except aiosmtplib.SMTPResponseException as refused:
            if 500 <= refused.code < 600 and not isinstance(refused, aiosmtplib.SMTPAuthenticationError):
                raise Undeliverable(f"the mail server refused ({refused.code})") from None
            raise Unavailable(f"the mail server answered {refused.code}") from None
        except (aiosmtplib.SMTPException, OSError):
            raise Unavailable("the mail server does not answer") from None

    def _write(self, letter: Letter) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        path = self._folder / f"{stamp}-{letter.kind}-{letter.id[-12:]}.txt"
        head = f"To: {letter.to}\n" + (f"Subject: {letter.subject}\n" if letter.subject else "")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{head}\n{letter.body}\n")
            if letter.calendar:
                file.write(f"\n[appointment.ics]\n{letter.calendar}")
