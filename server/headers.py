"""Headers of every answer: what a browser may load, run and send while it shows this app, and who may frame it."""

import base64
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")

ALWAYS = {
    "x-content-type-options": "nosniff",
    # A link holds what was built: it is nobody else's.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
}


def content_security_policy(host: str, ancestors: tuple[str, ...], inline_scripts: tuple[str, ...]) -> str:
    """What the browser may do, so that no stranger's picture or script is fetched even if a text were not escaped.

    `host` is the request's own, `inline_scripts` are the hashes of the scripts that stand in the page itself.
    """
    # Safari before 15.4 does not take a websocket to the own host for 'self'.
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        [
            "default-src 'self'",
            # Vega compiles a chart's expressions ('unsafe-eval'); a component's module is a blob.
            " ".join(["script-src 'self' blob: 'unsafe-eval' 'wasm-unsafe-eval'", *inline_scripts]),
            "style-src 'self' 'unsafe-inline'",  # Streamlit writes its styles as it goes
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' data: blob:{sockets}",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            " ".join(["frame-ancestors 'self'", *ancestors]),
        ]
    )


def scripts_in(page: bytes) -> tuple[str, ...]:
    """The hashes by which a policy allows the inline scripts of an HTML page, and no others."""
    return tuple(hash_of(script) for script in _INLINE_SCRIPT.findall(page))


def hash_of(script: bytes) -> str:
    """An inline script as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"


class SecurityHeaders:
    """Adds the headers to every answer, whatever made it."""

    def __init__(
        self, app: ASGIApp, ancestors: tuple[str, ...] = (), inline_scripts: Sequence[str] = ()
    ) -> None:
        self.app = app
        self._ancestors = ancestors
        page = (Path(file_util.get_static_dir()) / "index.html").read_bytes()
        self._scripts = (*scripts_in(page), *(hash_of(script.encode()) for script in inline_scripts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = content_security_policy(Headers(scope=scope).get("host", ""), self._ancestors, self._scripts)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(raw=list(message.get("headers", [])))
                answer.update(ALWAYS)
                answer["content-security-policy"] = policy
                message = {**message, "headers": answer.raw}
            await send(message)

        await self.app(scope, receive, send_with_headers)
