"""The cookie by which a browser is known again: a random secret, which nobody but the browser and the server sees."""

import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

NAME = "convlens_browser"
A_YEAR = 365 * 24 * 3600  # seconds
# 32 random bytes or more, as `secrets.token_urlsafe` writes them.
SECRET = re.compile(r"[A-Za-z0-9_-]{43,86}")


def secret_in(cookies: str) -> str | None:
    """The browser's secret in a `Cookie` header, read as pages read it; None where it has none of the right form."""
    value = cookie_parser(cookies).get(NAME, "")
    return value if SECRET.fullmatch(value) else None


class BrowserCookie:
    """Gives a browser that asks for the page a secret, unless it has one.

    The cookie is out of JavaScript's reach (`HttpOnly`), is not sent along by other sites (`SameSite=Lax`), lasts a
    year, and goes over https only where it came over https, also through a proxy that says so. `framed` is a server
    that other sites may show in a frame: there, over https, a browser keeps a cookie for each of those sites.

    Streamlit Community Cloud hands on only Streamlit's own cookies: there the secret is made of the one that Streamlit
    gives against forged requests, which is as random and as old.
    """

    def __init__(self, app: ASGIApp, *, framed: bool = False) -> None:
        self.app = app
        self._framed = framed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "websocket":
            await self.app(_with_secret(scope), receive, send)
            return
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if "text/html" not in headers.get("accept", "") or secret_in(headers.get("cookie", "")):
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_document(message):
                answer = MutableHeaders(raw=message["headers"])
                answer.append("set-cookie", new_cookie(https=_is_https(scope, headers), framed=self._framed))
                # Else a cache on the way could hand one browser's secret to the next.
                answer["cache-control"] = "private, no-cache"
                message = {**message, "headers": answer.raw}
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def new_cookie(*, https: bool, framed: bool = False) -> str:
    """A `Set-Cookie` header's value with a new secret."""
    path = str(config.get_option("server.baseUrlPath") or "").strip("/")
    parts = [f"{NAME}={secrets.token_urlsafe(32)}", f"Path=/{path}", f"Max-Age={A_YEAR}", "HttpOnly"]
    if https and framed:
        parts += ["SameSite=None", "Secure", "Partitioned"]
    else:
        parts += ["SameSite=Lax", *(["Secure"] if https else [])]
    return "; ".join(parts)


def _with_secret(scope: Scope) -> Scope:
    """A websocket's scope with a secret among its cookies, where Streamlit's own cookie is all that came through."""
    cookies = Headers(scope=scope).get("cookie", "")
    token = cookie_parser(cookies).get(XSRF_COOKIE_NAME, "")
    random_bytes = decode_xsrf_token_string(token)[0] if token else None
    if secret_in(cookies) or not random_bytes or len(random_bytes) < 16:
        return scope
    secret = f"{NAME}={XSRF_COOKIE_NAME}_{random_bytes.hex()[:64]}"
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    return {**scope, "headers": [*headers, (b"cookie", f"{cookies}; {secret}".encode("latin-1"))]}


def _is_document(start: Message) -> bool:
    """Whether an answer is the page itself, or says that the page the browser keeps is still the right one."""
    if start["status"] == 304:
        return True
    return start["status"] == 200 and Headers(raw=start["headers"]).get("content-type", "").startswith(
        "text/html"
    )


def _is_https(scope: Scope, headers: Headers) -> bool:
    forwarded = headers.get("x-forwarded-proto", "").split(",")[0].strip().lower()
    return bool(scope["scheme"] == "https") or forwarded == "https"
