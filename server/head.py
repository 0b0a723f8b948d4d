"""A script, a style and links at the top of the page that Streamlit serves, before anything of Streamlit's."""

import re
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

_HEAD = b"<head>"
_LEFT_OUT = (b"accept-encoding", b"if-none-match", b"if-modified-since")
_IMPORTED = re.compile(r"""(?:\bfrom|\bimport) ?["'`]\./([\w.\-]+\.js)["'`]""")
# What every page of the app shows, and Streamlit's page asks for only when it is to be shown.
ON_EVERY_PAGE = ("Html", "BidiComponent", "Selectbox", "ButtonGroup")


def early(names: tuple[str, ...] = ON_EVERY_PAGE) -> str:
    """Links that make the browser fetch Streamlit's code for elements, with what it imports, before one is asked for.

    A name that this version of Streamlit has no file for is left out: its code then comes later, as usual.
    """
    folder = Path(file_util.get_static_dir()) / "static" / "js"
    page = (folder.parents[1] / "index.html").read_text(encoding="utf-8")
    waiting = [file.name for name in names for file in folder.glob(f"{name}.*.js")]
    found: dict[str, None] = {}
    while waiting:
        file = waiting.pop()
        if file not in found and file not in page and (folder / file).is_file():
            found[file] = None
            waiting += _IMPORTED.findall((folder / file).read_text(encoding="utf-8"))
    return "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{file}">' for file in found)


class PageHead:
    """Writes `script`, `style` and `early` at the beginning of the head of every HTML page that a browser opens.

    Such a page is asked for uncompressed and whole: it has a few kilobytes, and one that a browser kept may have
    another script or style.
    """

    def __init__(self, app: ASGIApp, script: str, style: str) -> None:
        self.app = app
        self._added = f"<script>{script}</script><style>{style}</style>{early()}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        if "text/html" in Headers(scope=scope).get("accept", ""):
            asked = [(name, value) for name, value in scope["headers"] if name not in _LEFT_OUT]
            scope = {**scope, "headers": asked}
        start: Message | None = None  # of an HTML page, held back until its length is known
        body = b""

        async def send_with_both(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    page = body.replace(_HEAD, _HEAD + self._added, 1)
                    headers = MutableHeaders(raw=list(start["headers"]))
                    headers["content-length"] = str(len(page))
                    for name in ("etag", "last-modified", "accept-ranges"):
                        if name in headers:
                            del headers[name]
                    await send({**start, "headers": headers.raw})
                    await send({"type": "http.response.body", "body": page})

        await self.app(scope, receive, send_with_both)


def _is_page(message: Message) -> bool:
    headers = Headers(raw=message.get("headers", []))
    return (
        message["status"] == 200
        and headers.get("content-type", "").startswith("text/html")
        and "content-encoding" not in headers
    )
