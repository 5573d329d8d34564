"""Addresses of the internet protocol, and sets of them."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Networks:
    """Some networks; an address (as text) is ``in`` it when one of them has it."""

    each: Sequence[Network]

    def __contains__(self, address: str) -> bool:
        try:
            known = ipaddress.ip_address(address)
        except ValueError:
            return False
        if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is not None:
            known = known.ipv4_mapped  # a socket that takes both kinds shows IPv4 like this
        return any(known in network for network in self.each)


def networks(text: str) -> Networks:
    """From addresses and CIDR blocks with commas between them. ValueError names the first that is none."""
    return Networks([ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip()])
