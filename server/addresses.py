"""Where a request comes from, also behind proxies that the server's operator trusts."""

import os
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import Scope

from server.settings import proxies


def address_of(scope: Scope) -> str:
    """The visitor's network address; empty where the server listens on a socket without addresses."""
    if address := forwarded_for(Headers(scope=scope).getlist("x-forwarded-for")):
        return address
    return str(scope["client"][0]) if scope.get("client") else ""


def forwarded_for(headers: Sequence[str]) -> str:
    """The address that the X-Forwarded-For `headers` give; empty where no proxy is trusted, or they hold too few.

    Behind n trusted proxies it is the n-th entry from the right: what stands further left may be made up.
    """
    trusted = proxies(os.environ)
    entries = ",".join(headers).split(",")
    return entries[-trusted].strip() if trusted and len(entries) >= trusted else ""
