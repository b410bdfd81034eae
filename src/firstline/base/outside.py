"""Connections to hosts that people name in the settings: to the world, never to what only this
machine or its network can see (quality C48).

The address that was checked is the one that is connected to, so a name that leads elsewhere the
second time gains nothing. FIRSTLINE_MAIL_HOSTS_ALLOWED lists what may be asked inside.
"""

import ipaddress
import socket
from typing import Any

from django.conf import settings

# Networks of IPv6 whose last 32 bits are an address of IPv4: where a gateway stands, that one is asked.
EMBEDDING = [
    ipaddress.ip_network("::/96"),  # IPv4-compatible (RFC 4291, 2.5.5.1); ::1 among them
    ipaddress.ip_network("::ffff:0:0:0/96"),  # IPv4-translated (RFC 2765, 2.1)
    ipaddress.ip_network("64:ff9b::/96"),  # NAT64 (RFC 6052, 2.1)
]
LOCAL = [
    ipaddress.ip_network("64:ff9b:1::/48"),  # NAT64 within one network (RFC 8215)
    ipaddress.ip_network("fec0::/10"),  # site-local, deprecated and still routed by some (RFC 3879)
]
Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(OSError):
    """The host is unknown, or inside; which of both nobody is told."""


def connect(host: str, port: int, seconds: float) -> socket.socket:
    """A connection to the host. Raises Refused, or OSError if nothing answers there."""
    problem: OSError = Refused(host)
    for family, kind, protocol, _name, address in _addresses(host, port):
        door = socket.socket(family, kind, protocol)
        try:
            door.settimeout(seconds)
            door.connect(address)
        except OSError as refusal:
            door.close()
            problem = refusal
        else:
            return door
    raise problem


def is_allowed(host: str) -> bool:
    """Whether the configuration lists this very name or address."""
    return host.strip("[]").lower() in {one.lower() for one in settings.MAIL_HOSTS_ALLOWED}


def names_inside(host: str) -> bool:
    """Whether this host is plainly inside and not listed, without asking anybody where it is."""
    name = host.strip("[]").lower().rstrip(".")
    if is_allowed(name):
        return False
    try:
        return not _may_be_asked(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def _addresses(host: str, port: int) -> list[tuple[Any, Any, int, str, Any]]:
    """Where the host is. Raises Refused if one of the addresses is inside and not allowed."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise Refused(host) from problem
    if not is_allowed(host) and not all(_may_be_asked(one[4][0]) for one in found):
        raise Refused(host)
    return found


def _may_be_asked(text: str | int) -> bool:
    ip = ipaddress.ip_address(str(text).partition("%")[0])
    return _is_outside(ip) or any(ip in network for network in _networks())


def _is_outside(ip: Ip) -> bool:
    """Whether the address is the world's, also when it is one of IPv4 in the clothes of IPv6."""
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if any(ip in network for network in EMBEDDING):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return _is_outside(inner)
        if any(ip in network for network in LOCAL):
            return False
    return ip.is_global and not ip.is_multicast


def _networks() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    networks = []
    for text in settings.MAIL_HOSTS_ALLOWED:
        try:
            networks.append(ipaddress.ip_network(text, strict=False))
        except ValueError:
            continue  # a name
    return networks
