"""Only proxies of ours are believed about who is asking."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from starlette.requests import Request

from core.errors import StartupError
from core.networks import networks
from core.settings import load_settings
from web.peers import is_here, is_proxy, peer


def request(client: str, *, proxies: str = "", **headers: str) -> Request:
    raw = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    app = SimpleNamespace(state=SimpleNamespace(proxies=networks(proxies)))
    scope = {"type": "http", "client": (client, 1), "headers": raw, "path": "/", "scheme": "http", "app": app}
    return Request(scope)


def test_a_proxy_on_this_machine_is_believed_and_a_stranger_is_not() -> None:
    assert peer(request("127.0.0.1", x_forwarded_for="9.9.9.9, 203.0.113.9")) == "203.0.113.9"
    assert peer(request("198.51.100.1", x_forwarded_for="127.0.0.1")) == "198.51.100.1"
    assert is_here(request("127.0.0.1", host="localhost:8000"))
    assert not is_here(request("127.0.0.1", host="evil.example"))
    assert not is_here(request("127.0.0.1", host="localhost", x_forwarded_for="203.0.113.9"))


@pytest.mark.parametrize(
    ("client", "forwarded", "found"),
    [
        ("172.30.7.2", "203.0.113.9", "203.0.113.9"),
        ("172.30.7.2", "10.9.9.9, 203.0.113.9", "203.0.113.9"),  # what the visitor wrote is not read
        ("172.30.7.2", "203.0.113.9, 10.0.1.7", "203.0.113.9"),  # through two of ours
        ("::ffff:172.30.7.2", "2001:db8::1", "2001:db8::1"),
        ("172.30.7.2", "", "172.30.7.2"),
        ("172.30.7.2", "10.0.1.7", "10.0.1.7"),  # our own machines may ask, too
        ("172.30.8.2", "203.0.113.9", "172.30.8.2"),
    ],
)
def test_the_first_address_from_the_end_that_is_no_proxys(client: str, forwarded: str, found: str) -> None:
    proxies = "172.30.7.0/24, 10.0.1.7"
    assert peer(request(client, proxies=proxies, x_forwarded_for=forwarded)) == found


def test_through_a_proxy_nobody_is_here() -> None:
    there = request("10.0.1.7", proxies="10.0.1.7", host="localhost", x_forwarded_for="127.0.0.1")
    assert is_proxy(there) and not is_here(there)


def test_a_setting_that_cannot_be_read_is_named() -> None:
    with pytest.raises(StartupError, match="SEIKETSU_TRUSTED_PROXIES"):
        load_settings(_env_file=None, trusted_proxies="10.0.0.0/8, here")
