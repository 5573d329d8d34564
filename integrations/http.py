"""Asking other services over HTTP: time limits everywhere, retries only where they cannot do harm.

Addresses that clients gave us are reached through ``Outside`` and through nothing else.
"""

from __future__ import annotations

import asyncio
import ipaddress
import random
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from core.errors import SeiketsuError, Unavailable

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
_WORTH_RETRYING = frozenset({429, 500, 502, 503, 504})


def client(*, base_url: str = "", timeout: float = READ_SECONDS, **options: Any) -> httpx.AsyncClient:
    """A client that gives up: ``timeout`` seconds for an answer, less for a connection. No redirects."""
    return httpx.AsyncClient(
        base_url=base_url,
        timeout=httpx.Timeout(timeout, connect=min(CONNECT_SECONDS, timeout)),
        limits=httpx.Limits(max_connections=50, max_keepalive_connections=10, keepalive_expiry=30.0),
        **options,
    )


async def send(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    tries: int = 1,
    pause: float = 0.3,
    **request: Any,
) -> httpx.Response:
    """One request, repeated up to ``tries`` times when there was no answer, a 429 or a 5xx.

    More than one try is for requests that may arrive twice. A ``Retry-After`` of up to two seconds is
    kept. Raises httpx.HTTPError when no try was answered; a last refusal is returned as it is.
    """
    for attempt in range(1, tries + 1):
        last = attempt == tries
        try:
            answer = await http.request(method, url, **request)
        except httpx.HTTPError:
            if last:
                raise
            await asyncio.sleep(pause * attempt * (0.5 + random.random()))
            continue
        if last or answer.status_code not in _WORTH_RETRYING:
            return answer
        await asyncio.sleep(retry_after(answer, pause * attempt * (0.5 + random.random())))
    raise AssertionError("at least one try")


def retry_after(answer: httpx.Response, otherwise: float) -> float:
    """Seconds the service asks us to wait, at most two; ``otherwise`` when it does not say."""
    try:
        return min(float(answer.headers["retry-after"]), 2.0)
    except (KeyError, ValueError):
        return otherwise


# --- addresses that somebody gave us ----------------------------------------------------------------

PORTS = frozenset({443, 8443})
"""Ports a client's own address may have."""
MOST_ADDRESSES = 3
"""Addresses of one name that are tried before giving up."""
# Public by the registry's words, but doors to any IPv4 address, private ones included (NAT64, 6to4, Teredo)
_TUNNELS = tuple(
    ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port -> addresses, as text. Raises OSError."""


class Blocked(SeiketsuError):
    """An address nobody may be sent to: not public, a forbidden port, no https."""

    code = "address_not_allowed"
    status = 422


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. ``body`` is the beginning of it, at most as long as was asked for."""

    status: int
    headers: httpx.Headers
    body: bytes


def is_public(address: str) -> bool:
    """Whether an IP address is on the open internet, seen through every wrapping of IPv4 in IPv6."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.is_site_local or any(ip in net for net in _TUNNELS):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


def address_problem(url: str, *, local: bool = False) -> str | None:
    """Why a client's address cannot be one, as a sentence; None when it can. Looks nothing up.

    ``local``: http and private addresses are fine too (development).
    """
    if len(url) > 2000 or not url.isprintable() or " " in url or "\\" in url:
        return "That is not a web address."
    try:
        parsed = httpx.URL(url)
        port = parsed.port or {"https": 443, "http": 80}.get(parsed.scheme, 0)
    except httpx.InvalidURL:
        return "That is not a web address."
    if parsed.scheme != "https" and not (local and parsed.scheme == "http"):
        return "The address has to start with https://"
    if not parsed.host:
        return "The address names no host."
    if parsed.userinfo:
        return "The address must not hold a name or a password."
    if local:
        return None
    if port not in PORTS:
        return f"The port has to be one of {', '.join(map(str, sorted(PORTS)))}."
    try:
        ipaddress.ip_address(parsed.host)
    except ValueError:
        if "." not in parsed.host or parsed.host.endswith(
            (".localhost", ".local", ".internal", ".home.arpa")
        ):
            return "The address has to be on the public internet."
        return None
    return None if is_public(parsed.host) else "The address has to be on the public internet."


async def _look_up(host: str, port: int) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Outside:
    """Sends to addresses that clients gave us, and lets none of them reach inside (SSRF).

    A name is looked up once; every address it has must be public; the connection goes to exactly one of
    those addresses, so a name that changes its answer in between gains nothing. TLS still checks the name.
    No redirect is followed, no proxy of the environment is used, no connection is kept for another name.
    """

    def __init__(self, *, local: bool = False, resolve: Resolve = _look_up, verify: Any = True):
        self._local, self._resolve, self._verify = local, resolve, verify
        self._client: httpx.AsyncClient | None = None

    @property
    def _http(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                verify=self._verify,
                trust_env=False,
                follow_redirects=False,
                limits=httpx.Limits(max_connections=100, max_keepalive_connections=0),
            )
        return self._client

    async def close(self) -> None:
        """Let go of what is open."""
        if self._client is not None:
            await self._client.aclose()

    async def post(
        self, url: str, content: bytes, headers: Mapping[str, str], *, timeout: float, most: int = 4096
    ) -> Reply:
        """One request, without a second try. ``timeout`` seconds are all there is, from the look-up to the
        last byte that is read; an answer whose status arrived in time counts, however slowly its body drips.

        Raises Blocked, Unavailable (no answer; the message says why and quotes nobody).
        """
        return await self._ask("POST", url, content, headers, timeout=timeout, most=most)

    async def get(self, url: str, headers: Mapping[str, str], *, timeout: float, most: int) -> Reply:
        """Read an address: one request, as ``post``. What is longer than ``most`` bytes comes cut off."""
        plain = {"Accept-Encoding": "identity", **headers}
        return await self._ask("GET", url, b"", plain, timeout=timeout, most=most)

    async def _ask(
        self, method: str, url: str, content: bytes, headers: Mapping[str, str], *, timeout: float, most: int
    ) -> Reply:
        if problem := address_problem(url, local=self._local):
            raise Blocked(problem)
        target = httpx.URL(url)
        deadline = asyncio.get_running_loop().time() + timeout
        try:
            async with asyncio.timeout_at(deadline):
                addresses = await self._addresses(target)
                answer = await self._connected(method, target, addresses, content, headers, timeout)
        except TimeoutError:
            raise Unavailable(f"no answer within {timeout:g} seconds") from None
        try:
            return Reply(answer.status_code, answer.headers, await _beginning(answer, most, deadline))
        finally:
            await answer.aclose()

    async def _addresses(self, target: httpx.URL) -> Sequence[str]:
        port = target.port or (443 if target.scheme == "https" else 80)
        try:
            found = await self._resolve(target.host, port)
        except (OSError, UnicodeError):
            raise Unavailable("the host name is not known") from None
        if not found:
            raise Unavailable("the host name is not known")
        if not self._local and not all(is_public(address) for address in found):
            raise Blocked("The address has to be on the public internet.")
        return found[:MOST_ADDRESSES]

    async def _connected(
        self,
        method: str,
        target: httpx.URL,
        addresses: Sequence[str],
        content: bytes,
        headers: Mapping[str, str],
        timeout: float,
    ) -> httpx.Response:
        for address in addresses:
            request = self._http.build_request(
                method,
                target.copy_with(host=address.partition("%")[0]),
                content=content,
                headers={**headers, "Host": target.netloc.decode("ascii")},
                timeout=timeout,
                extensions={"sni_hostname": target.raw_host.decode("ascii")},
            )
            try:
                return await self._http.send(request, stream=True)
            except httpx.ConnectError as failed:
                why = "the connection was refused" if "ssl" not in str(failed).lower() else "TLS failed"
            except httpx.TimeoutException:
                raise TimeoutError from None
            except httpx.HTTPError as failed:
                raise Unavailable(f"the connection broke ({type(failed).__name__})") from None
        raise Unavailable(why)


async def _beginning(answer: httpx.Response, most: int, deadline: float) -> bytes:
    """The first bytes of a body as they come over the wire: what unpacks to gigabytes is never unpacked."""
    kept = bytearray()
    try:
        async with asyncio.timeout_at(deadline):
            async for chunk in answer.aiter_raw():
                kept += chunk[: most - len(kept)]
                if len(kept) >= most:
                    break
    except (TimeoutError, httpx.HTTPError, httpx.StreamError):
        pass  # what was answered is known already
    return bytes(kept)
