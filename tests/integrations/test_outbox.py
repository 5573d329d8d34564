"""Letters by SMTP against a real server in this process, by a carrier, or into a readable file."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from core.errors import Unavailable
from integrations.outbox import Letter, Messenger, Undeliverable

MAIL = Letter(
    "0192-abc-000000000001", "email", "dana@summit.example", "Please confirm:\nhttps://x/l/1", "Welcome"
)
TEXT = Letter("0192-abc-000000000002", "sms", "+13035550142", "Your link: https://x/l/2")


class Box:
    """A mail server that keeps what it gets, or refuses."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.answer = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.answer.startswith("55"):
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer != "250 OK":
            return self.answer
        self.got.append(envelope)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def smtp(box: Box) -> Iterator[str]:
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


async def test_mail_goes_by_smtp(tmp_path: Path, box: Box, smtp: str) -> None:
    messenger = Messenger(tmp_path, smtp_url=smtp, mail_from="Seiketsu <hello@seiketsu.example>")
    assert await messenger.send(MAIL) == "smtp"
    (envelope,) = box.got
    content = envelope.content.decode()
    assert envelope.rcpt_tos == ["dana@summit.example"]
    assert "Subject: Welcome" in content and "https://x/l/1" in content and MAIL.id in content
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [("550 no such user", Undeliverable), ("451 try later", Unavailable), ("554 rejected", Undeliverable)],
)
async def test_a_refusal_is_told_apart_from_a_delay(
    tmp_path: Path, box: Box, smtp: str, answer: str, error: type[Exception]
) -> None:
    box.answer = answer
    with pytest.raises(error) as caught:
        await Messenger(tmp_path, smtp_url=smtp, mail_from="a@b.example").send(MAIL)
    assert "summit" not in str(caught.value)


async def test_no_server_is_a_delay(tmp_path: Path) -> None:
    messenger = Messenger(tmp_path, smtp_url=f"smtp://127.0.0.1:{free_port()}", mail_from="a@b.example")
    with pytest.raises(Unavailable):
        await messenger.send(MAIL)


async def test_without_a_server_it_is_a_file_only_its_owner_can_read(tmp_path: Path) -> None:
    messenger = Messenger(tmp_path / "outbox", mail_from="a@b.example")
    assert [await messenger.send(MAIL), await messenger.send(TEXT)] == ["file", "file"]
    files = sorted((tmp_path / "outbox").iterdir(), key=lambda p: "sms" in p.name)
    assert [p.name.split("-")[1] for p in files] == ["email", "sms"]
    text = files[0].read_text()
    assert text.startswith("To: dana@summit.example\nSubject: Welcome\n\nPlease confirm:")
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert not any("dana" in p.name or "0142" in p.name for p in files)


async def test_texts_go_through_the_carrier_when_there_is_one(tmp_path: Path) -> None:
    class Carrier:
        sent: list[tuple[str, str]] = []

        async def send_sms(self, to: str, body: str) -> str:
            self.sent.append((to, body))
            return "SM1"

    carrier = Carrier()
    assert await Messenger(tmp_path, mail_from="a@b.example", sms=carrier).send(TEXT) == "sms"
    assert carrier.sent == [(TEXT.to, TEXT.body)] and list(tmp_path.iterdir()) == []
