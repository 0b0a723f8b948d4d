"""What stands in front of Streamlit: ASGI middleware, one subject a module.

It may import Streamlit's protobufs and configuration and `cnn_core`, never pages.
`app.py` takes it in through `middleware`.
"""

from starlette.middleware import Middleware

from server.browser import BrowserCookie


def middleware() -> list[Middleware]:
    """What every request and every websocket passes, the outermost first."""
    return [Middleware(BrowserCookie)]
