"""A page as a link or an earlier visit opens it, and what it says."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.ui.keys import Shared
from pages.ui.site import PAGES
from pages.ui.twin import unfolded

ROOT = Path(__file__).parents[2]


def open_page(
    script: str,
    keys: type[StrEnum],
    *,
    link: Mapping[StrEnum, str] | None = None,
    model: str | None = None,
    **controls: object,
) -> AppTest:
    """Run `script` of `pages` with its controls set by the names of their keys; `link` holds query parameters."""
    at = AppTest.from_file(ROOT / "pages" / script, default_timeout=300)
    for name, value in controls.items():
        at.session_state[keys[name]] = value
    for key, value in (link or {}).items():
        at.query_params[key] = value
    if model is not None:
        at.session_state[Shared.MODEL] = model
    at.run()
    assert not at.exception
    return at


def app_at(folder: str) -> AppTest:
    """The app at the page in `folder` of `pages`, as its address opens it; not run yet.

    `switch_page` knows the pages only once the app has run, and so runs Home first, which takes as long as five others.
    """
    at = AppTest.from_file(ROOT / "app.py", default_timeout=300)
    (name,) = (page.name for page in PAGES if page.folder == folder)
    at._page_hash = "" if name == PAGES[0].name else calc_hash(name)
    return at


def open_app(
    folder: str,
    *,
    link: Mapping[str, str] | None = None,
    model: str | None = None,
    drawers: Sequence[str] = (),
) -> AppTest:
    """The page in `folder` of `pages` with the app around it, which links between pages need, these `drawers` open."""
    at = app_at(folder)
    for key in drawers:
        at.session_state[key] = True
    if model is not None:
        at.session_state[Shared.MODEL] = model
    at.query_params.update(link or {})
    at.run()
    assert not at.exception
    return at


def words(at: AppTest) -> str:
    """The page's text and formulas."""
    return "\n".join(element.value for element in [*at.markdown, *at.caption, *at.latex])


def unfold(at: AppTest) -> AppTest:
    """Open all tables that are folded away under pictures, and run the page again."""
    for fold in at.expander:
        key = user_key_from_element_id(fold.proto.id) if fold.proto.id else None
        if key is not None and key.endswith(unfolded("")):
            at.session_state[key] = True
    at.run()
    assert not at.exception
    return at
