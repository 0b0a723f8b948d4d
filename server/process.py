"""What is set for the server's whole process before it listens."""

from streamlit.web.server.starlette import starlette_server

from server import logs, widgets
from server.messages import LARGEST_FRAME

FILES_A_TAB = 6  # its websocket, the event loop that Streamlit makes for it, what its script opens
OTHER_FILES = 512


def prepare(tabs: int) -> None:
    """Make the process ready for `tabs` open tabs. Once, before the server starts to listen."""
    widgets.install()
    logs.install()
    # Else a frame of 200 MB is taken in before anything here sees it: Streamlit's limit is for what it sends itself.
    setattr(starlette_server, "get_max_message_size_bytes", lambda: LARGEST_FRAME)  # noqa: B010 (not exported)
    _take_files(FILES_A_TAB * tabs + OTHER_FILES)


def _take_files(needed: int) -> None:
    """Let the process open so many files, as far as the system lets it; Windows has no such limit."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        most = needed if hard == resource.RLIM_INFINITY else min(hard, needed)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
