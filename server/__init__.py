"""What stands in front of Streamlit: ASGI middleware, one subject a module.

It may import Streamlit's protobufs, configuration and runtime, and `cnn_core`, never pages.
`app.py` takes it in through `middleware`.
"""

import os

from starlette.middleware import Middleware

from server import settings
from server.browser import BrowserCookie
from server.headers import SecurityHeaders
from server.routes import ClosedRoutes
from server.settings import SettingError

__all__ = ["SettingError", "middleware"]


def middleware() -> list[Middleware]:
    """What every request and every websocket passes, the outermost first. Raises `SettingError`."""
    settings.proxies(os.environ)
    ancestors = settings.frame_ancestors(os.environ)
    return [
        Middleware(SecurityHeaders, ancestors),
        Middleware(ClosedRoutes),
        Middleware(BrowserCookie, framed=bool(ancestors)),
    ]
