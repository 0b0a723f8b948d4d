"""What every page begins and ends with."""

import inspect
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from pages.ui.link import checked_link

# What every page looks like from outside, in rem, which grows with the screen: 16 px at 1280×720, 20 at 1920×1080, 24
# at 2560×1440, so that the gaps do not grow instead. Components read two variables from it: `--cl-top` is what stands
# above a page's first control, `--cl-room` the height that is left for its picture below one row of controls.
#
# A projector has 720 px of height, and 480 where the teacher zooms in: there the title and its idea share one line.
# It also has little contrast: small print is not pale, and code in it no smaller than the rest. Streamlit's own bar
# has nothing but a menu in a corner, so the page begins beside it, not below it.
STYLE = """
:root {
  --cl-top: 5rem;
  --cl-room: calc(100dvh - var(--cl-top) - 5.5rem);
  font-size: clamp(16px, min(8px + 1.111vh, 8px + 0.625vw), 28px);
}
[data-testid="stMainBlockContainer"] { padding: 0.9rem 2.75rem 2rem; }
[data-testid="stHeader"] { background: none; pointer-events: none; }
[data-testid="stHeader"] :is(button, a, [role="menu"], [data-testid="stStatusWidget"]) { pointer-events: auto; }
[data-testid="stHeader"] [data-testid="stStatusWidget"] { background: var(--st-background-color, Canvas); }
.st-key-page-title { gap: 0; }
.st-key-page-title h1 { font-size: 2rem; line-height: 1.2; padding: 0; }
.st-key-page-title [data-testid="stHeading"] * { margin-bottom: 0; }
[data-testid="stSidebar"]:not([data-collapsed="true"]) { min-width: 15.5rem; }
[data-testid="stSidebarHeader"] { height: 2.5rem; margin: 0; }
[data-testid="stSidebarNavItems"] a { height: 1.7rem; margin: 0; }
[data-testid="stNavSectionHeader"] { margin: 0; padding-block: 0.15rem 0; }
[data-testid="stSidebarUserContent"] { padding-top: 0.5rem; }
[data-testid="stCaptionContainer"] { opacity: 0.85; }
[data-testid="stPageLink"] p { overflow: hidden; text-overflow: ellipsis; }
[data-testid="stCaptionContainer"] code { font-size: 0.9em; }
@media (max-width: 900px) {
  [data-testid="stMainBlockContainer"] { padding-inline: 1.25rem; }
  .st-key-page-head { padding-right: 1.5rem; }
  [data-testid="stAppViewContainer"]:has(> [data-collapsed="true"]) .st-key-page-head { padding-left: 1.75rem; }
}
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding-inline: 1rem; }
  .st-key-page-title h1 { font-size: 1.6rem; }
}
@media (max-height: 560px) and (min-width: 641px) {
  :root { --cl-top: 3.75rem; --cl-room: calc(100dvh - var(--cl-top) - 5rem); }
  [data-testid="stMainBlockContainer"] { padding-top: 0.5rem; }
  [data-testid="stMainBlockContainer"] [data-testid="stVerticalBlock"] { gap: 0.5rem; }
  .st-key-page-title.st-key-page-title { flex-direction: row; align-items: center; flex-wrap: nowrap; gap: 1rem; }
  .st-key-page-title > :first-child { flex: none; width: auto; }
  .st-key-page-title > :last-child { flex: 1; min-width: 0; }
  .st-key-page-title h1 { font-size: 1.4rem; white-space: nowrap; }
  .st-key-page-title p { font-size: 0.875rem; line-height: 1.25; }
}
"""


CODE = "The code that computed this page"


def header(
    title: str,
    idea: str,
    *,
    may_be_empty: Sequence[str] = (),
    beside: Callable[[], None] | None = None,
    reserve: Mapping[str, str] | None = None,
) -> None:
    """The page's title and its one idea, a sentence that is read from the back row; before them, the link is checked.

    `may_be_empty` names the controls for which nothing is a value, too; `beside` shows what stands at their right.
    `reserve` gives elements by their keys the least height, a CSS length ("22rem", "var(--cl-room)"), that they have
    from the first frame on: what is filled later then moves nothing below it.
    """
    checked_link(may_be_empty)
    kept = "".join(
        f".st-key-{key}.st-key-{key} {{ min-height: {height}; }}\n" for key, height in (reserve or {}).items()
    )
    st.html(f"<style>{STYLE}{kept}</style>")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="page-head"):
        with st.container(width="stretch", key="page-title"):
            st.title(title, anchor=False)
            st.markdown(idea)
        if beside is not None:
            with st.container(width="content"):
                beside()


def source(*functions: Callable[..., object]) -> None:
    """The source of the `cnn_core` functions that computed this page, folded away at its end."""
    with st.expander(CODE, icon=":material/code:"):
        for function in functions:
            st.caption(f"`{function.__module__}.{function.__qualname__}`")
            st.code(inspect.getsource(function), language="python")
