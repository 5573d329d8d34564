"""Addresses that clients gave us reach nothing inside (SSRF)."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.errors import Unavailable
from integrations import http
from integrations.http import Blocked, Outside, address_problem, is_public
from tests.webhooks.receiver import answer, flood, listening

INSIDE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1", "no address",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "//example.com/", "example.com", "https://", "https:///x",
        "https://localhost/", "https://db.internal/", "https://printer.local/", "https://intranet/",
        "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://[fe80::1%25eth0]/",
        "https://example.com:22/", "https://example.com:5432/", "https://example.com:80/",
        "https://user:pass@example.com/", "https://user@example.com/", "https://exa mple.com/",
        "https://example.com\\@10.0.0.1/", "https://example.com/\r\nHost: x",
        "https://example.com/" + "x" * 2000,
        "https://example.com:99999/", "file:///etc/passwd", "gopher://example.com/", "",
    ],
)  # fmt: skip
def test_what_is_no_address_for_a_webhook(url: str) -> None:
    assert address_problem(url)


@pytest.mark.parametrize(
    "url", ["https://example.com/hooks?x=1", "https://example.com:8443/", "https://8.8.8.8/"]
)
def test_what_is_one(url: str) -> None:
    assert address_problem(url) is None


def names(*answers: Sequence[str]) -> Any:
    """A resolver that gives these answers, one look-up each, the last one for ever; and counts."""
    left = list(answers)

    async def resolve(host: str, port: int) -> Sequence[str]:
        resolve.asked += 1  # type: ignore[attr-defined]
        return left.pop(0) if len(left) > 1 else left[0]

    resolve.asked = 0  # type: ignore[attr-defined]
    return resolve


@pytest.mark.parametrize("address", [a for a in INSIDE if a != "no address"])
async def test_a_name_that_leads_inside_is_not_followed(address: str) -> None:
    for found in ([address], ["8.8.8.8", address]):  # one bad address among good ones is enough
        outside = Outside(resolve=names(found))
        with pytest.raises(Blocked):
            await outside.post("https://rebind.example/", b"", {}, timeout=5)


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.", "①②⑦.⓪.⓪.①"]
)
async def test_other_ways_of_writing_the_loopback(host: str) -> None:
    """The real resolver reads them as 127.0.0.1; what it found is what is judged."""
    with pytest.raises((Blocked, Unavailable)):
        await Outside().post(f"https://{host}/", b"", {}, timeout=5)


class Door:
    """Somebody who should not be reached: counts who knocks."""

    def __init__(self) -> None:
        self.knocks = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.knocks += 1
        writer.close()


async def test_a_name_that_changes_its_answer_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: public when it is judged, inside when it is connected to. There is one look-up only."""
    inside = Door()
    server = await asyncio.start_server(inside, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(http, "PORTS", frozenset({port}))
    resolve = names(["203.0.113.7"], ["127.0.0.1"])  # documentation addresses lead nowhere
    monkeypatch.setattr(http, "is_public", lambda a: a == "203.0.113.7")
    with pytest.raises(Unavailable):
        await Outside(resolve=resolve).post(f"https://rebind.example:{port}/", b"", {}, timeout=0.5)
    assert (resolve.asked, inside.knocks) == (1, 0)
    server.close()


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate for a name, and a server that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem.write_bytes(cert.public_bytes(serialization.Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return pem, context


async def test_tls_is_checked_against_the_name_and_not_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem, context = certificate(tmp_path, "hooks.example.com")
    hosts: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hosts.append(await reader.readuntil(b"\r\n\r\n"))
        await answer(204)(writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(http, "PORTS", frozenset({port}))
    monkeypatch.setattr(http, "is_public", lambda address: True)
    outside = Outside(resolve=names(["127.0.0.1"]), verify=ssl.create_default_context(cafile=str(pem)))
    reply = await outside.post(f"https://hooks.example.com:{port}/in", b"", {}, timeout=5)
    assert reply.status == 204
    assert f"host: hooks.example.com:{port}".encode() in hosts[0].lower()
    with pytest.raises(Unavailable):  # the same server under a name its certificate does not hold
        await outside.post(f"https://other.example.com:{port}/", b"", {}, timeout=5)
    assert len(hosts) == 1
    await outside.close()
    server.close()


async def test_no_redirect_and_no_proxy_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = Door()
    trap = await asyncio.start_server(inside, "127.0.0.1", 0)
    port = trap.sockets[0].getsockname()[1]
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    async with listening() as receiver:
        receiver.will(answer(302, location=f"http://127.0.0.1:{port}/admin"))
        outside = Outside(local=True)
        reply = await outside.post(receiver.url, b"{}", {}, timeout=5)
        await outside.close()
    assert (reply.status, inside.knocks) == (302, 0)
    trap.close()


async def test_a_flood_is_cut_off() -> None:
    async with listening() as receiver:
        receiver.will(flood)
        outside = Outside(local=True)
        reply = await outside.post(receiver.url, b"{}", {}, timeout=5, most=1000)
        await outside.close()
    assert (reply.status, len(reply.body)) == (200, 1000)
