"""Where a request comes from, also behind proxies that the server's operator trusts."""

import os
import re
from collections.abc import Sequence
from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

from server.settings import proxies


def address_of(scope: Scope) -> str:
    """The visitor's network address as limits count it; empty where the server listens on a socket without any."""
    if address := forwarded_for(Headers(scope=scope).getlist("x-forwarded-for")):
        return address
    return counted(str(scope["client"][0])) if scope.get("client") else ""


def counted(address: str) -> str:
    """An address as limits count it: of IPv6 the network of 64 bits that one household has, without a port.

    Every host has 2^64 addresses there, and could be as many visitors. What is no address stays as it is.
    """
    bare = re.sub(r"^\[(.*)\](:\d+)?$|^([\d.]+):\d+$", lambda found: found[1] or found[3], address.strip())
    try:
        found = ip_address(bare)
    except ValueError:
        return bare
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), 64), strict=False))


def forwarded_for(headers: Sequence[str]) -> str:
    """The address, as `counted`, that the X-Forwarded-For `headers` give; empty where none is trusted, or too few.

    Behind n trusted proxies it is the n-th entry from the right: what stands further left may be made up.
    """
    trusted = proxies(os.environ)
    entries = ",".join(headers).split(",")
    return counted(entries[-trusted]) if trusted and len(entries) >= trusted else ""
