"""Somebody's own picture, from the disk or the camera: taken once, the same on every page, there after a reload.

Only its decoded pixels are kept, one picture a source; the file goes as soon as it is read.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property, partial
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn_core.data import images
from cnn_core.data.decoding import Picture
from pages.ui import kept as browsers
from pages.ui.keys import ImagePart, Shared
from pages.ui.words import as_text, one_line, sentence

LONGEST_NAME = 60  # letters of a file's name
CAMERA_WIDTH = 336


@dataclass(frozen=True, eq=False)
class OwnPicture:
    """A picture and its file's name as one line, yet to be made Markdown; no name where it is from the camera."""

    name: str
    picture: Picture

    @property
    def caption(self) -> str:
        """What it is, likewise."""
        return f"Your picture {self.name or 'from the camera'}"

    @property
    def size(self) -> int:
        """Bytes of memory."""
        pixels, alpha = self.picture.pixels, self.picture.alpha
        return int(pixels.nbytes + (0 if alpha is None else alpha.nbytes))

    @cached_property
    def digest(self) -> str:
        """A short text that changes with any pixel: the key to cache by."""
        pixels, alpha = self.picture.pixels, self.picture.alpha
        content = pixels.tobytes() + (b"" if alpha is None else alpha.tobytes())
        return hashlib.sha1(content + str(pixels.shape).encode()).hexdigest()[:16]


@dataclass
class _Place:
    """Where one source's picture is kept. `takes` makes the widget new, and empty, after each file that it took."""

    source: str
    takes: int = 0
    kept: OwnPicture | None = None
    fault: str = ""
    fault_is_new: bool = False

    @property
    def name(self) -> str:
        """Its key: in the session, and of what is kept for the browser."""
        return f"{Shared.OWN_PICTURE}-{self.source}"

    def put(self, picture: OwnPicture) -> None:
        self.kept = picture
        browsers.keep(self.name, picture, picture.size)

    def remove(self) -> None:
        self.kept = None
        browsers.forget(self.name)


def kept(prefix: str, source: str) -> OwnPicture | None:
    """The picture that the session has from `source` ("upload" or "camera"), its name and a button that removes it."""
    place = _place(source)
    if place.kept is None:
        return None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        st.markdown(f"**{as_text(place.kept.name) or 'From the camera'}**", width="content")
        st.button(
            "Remove", key=f"{prefix}-{ImagePart.REMOVE}", icon=":material/delete:", on_click=place.remove
        )
        st.caption(
            "Not part of the link",
            help="A link to this page does not hold your picture; whoever opens it is asked for one of their own.",
            width="content",
        )
    return place.kept


def ask(prefix: str, source: str) -> None:
    """The widget that takes a picture, and what was wrong with the last one.

    The page runs again with the picture, which `kept` then gives.
    """
    if source == "camera" and not _camera_can_be_allowed():
        st.info(
            "A browser gives the camera only to pages over https, and this one came over http. Choose a file instead: "
            "a phone then offers to take a photograph. Whoever runs this server finds https in the README.",
            icon=":material/no_photography:",
        )
    place = _place(source)
    part = ImagePart.CAMERA if source == "camera" and _camera_can_be_allowed() else ImagePart.UPLOAD
    key = f"{prefix}-{part}" + (f"-{place.takes}" if place.takes else "")
    if not place.fault_is_new and key not in st.session_state:  # the page was left since
        place.fault = ""
    take = partial(_take, place, key)
    if part == ImagePart.CAMERA:
        st.camera_input("Take a picture", key=key, on_change=take, width=CAMERA_WIDTH)
    else:
        # No list of endings here: whatever it is called, the decoder looks at what is inside and says so.
        st.file_uploader("A picture from your disk", key=key, on_change=take)
    if place.fault:
        st.error(sentence(place.fault), icon=":material/broken_image:")
        place.fault_is_new = False


def _place(source: str) -> _Place:
    new = _Place(source)
    if new.name not in st.session_state:
        found = browsers.of_browser(new.name)
        new.kept = found if isinstance(found, OwnPicture) else None
        st.session_state[new.name] = new
    place: _Place = st.session_state[new.name]
    return place


def _take(place: _Place, key: str) -> None:
    """Read the file that a widget was given, keep its picture or say what is wrong, and let the file go."""
    file = st.session_state.get(key)
    if not isinstance(file, UploadedFile):  # none, or one that is gone already
        return
    place.takes += 1
    place.fault, place.fault_is_new = "", True
    name = "" if ImagePart.CAMERA in key else one_line(file.name, LONGEST_NAME)
    try:
        place.put(OwnPicture(name, images.read(file.getvalue(), name=name)))
    except images.ImageError as error:
        place.fault = str(error)
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        # Streamlit would hold it until the session ends.
        context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=file.file_id)


def _camera_can_be_allowed() -> bool:
    """Whether the browser takes the page's address, as the browser sees it, for a safe one.

    W3C, Secure Contexts, 3.1: https, and what never leaves the machine.
    """
    address = urlsplit(st.context.url or "https:")
    host = address.hostname or ""
    if address.scheme == "https" or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return False
