"""What stands in front of Streamlit: ASGI middleware, one subject a module.

It may import Streamlit's protobufs, configuration and runtime, and `cnn_core`, never pages.
`app.py` takes it in through `middleware`.
"""

import os

from starlette.middleware import Middleware

from cnn_core.limits import limits
from server import process, settings
from server.browser import BrowserCookie
from server.head import PageHead
from server.headers import SecurityHeaders
from server.routes import ClosedRoutes
from server.sessions import Tabs
from server.settings import SettingError
from server.uploads import UploadGate
from server.websocket import WebSocketGate
from server.weights import WeightFiles

__all__ = ["SettingError", "middleware"]


def middleware(in_head: str = "", style: str = "") -> list[Middleware]:
    """What every request and every websocket passes, the outermost first; makes the process ready for it too.

    `in_head` is a script that runs before anything else of a page does: a browser runs no other that stands in a page.
    `style` is there before anything of a page is.
    Raises `SettingError`, and `LimitsError`.
    """
    settings.proxies(os.environ)
    ancestors = settings.frame_ancestors(os.environ)
    allowed = limits()
    process.prepare(allowed.sessions)
    return [
        Middleware(SecurityHeaders, ancestors, (in_head,)),
        Middleware(PageHead, in_head, style),
        Middleware(ClosedRoutes),
        Middleware(WeightFiles),
        Middleware(BrowserCookie, framed=bool(ancestors)),
        Middleware(WebSocketGate, Tabs(allowed.sessions, allowed.sessions_per_address)),
        Middleware(UploadGate, allowed.upload_mb),
    ]
