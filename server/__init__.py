"""What stands in front of Streamlit: ASGI middleware, one subject a module.

It may import Streamlit's protobufs, configuration and runtime, and `cnn_core`, never pages.
`app.py` and the entry points under `deploy` take it in through `start`.
"""

import os
import sys

from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from cnn_core.limits import LimitsError, limits
from server import process, settings
from server.browser import BrowserCookie
from server.headers import SecurityHeaders
from server.routes import ClosedRoutes
from server.sessions import Tabs
from server.settings import SettingError
from server.websocket import WebSocketGate

__all__ = ["SettingError", "middleware", "start"]


def start() -> list[Middleware]:
    """`middleware`, for the file that `streamlit run` is given; a wrong setting ends the process with a sentence."""
    # Else the folder's name makes Streamlit take the first request for an old-style multipage app, and a server's
    # first visitor by a page's own address is shown "Page not found" over the page.
    PagesManager.uses_pages_directory = False
    try:
        return middleware()
    except (LimitsError, SettingError) as error:  # said once, here, instead of by every page
        sys.exit(f"ConvLens does not start: {error}")


def middleware() -> list[Middleware]:
    """What every request and every websocket passes, the outermost first; makes the process ready for it too.

    Raises `SettingError`, and `LimitsError`.
    """
    settings.proxies(os.environ)
    ancestors = settings.frame_ancestors(os.environ)
    allowed = limits()
    process.prepare(allowed.sessions)
    return [
        Middleware(SecurityHeaders, ancestors),
        Middleware(ClosedRoutes),
        Middleware(BrowserCookie, framed=bool(ancestors)),
        Middleware(WebSocketGate, Tabs(allowed.sessions, allowed.sessions_per_address)),
    ]
