"""Where a request comes from, also behind proxies that the server's operator trusts."""

import os

from starlette.datastructures import Headers
from starlette.types import Scope

from server.settings import proxies


def address_of(scope: Scope) -> str:
    """The visitor's network address; empty where the server listens on a socket without addresses.

    Behind n trusted proxies it is the n-th entry from the right of X-Forwarded-For: what stands further left may be
    made up.
    """
    if trusted := proxies(os.environ):
        forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
        if len(forwarded) >= trusted and (address := forwarded[-trusted].strip()):
            return address
    return str(scope["client"][0]) if scope.get("client") else ""
