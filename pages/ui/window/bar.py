"""The row of controls above a player: one row on every screen but a phone's, so that the picture keeps its height."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

WHOLE = 57  # rem of width from which on every control has room for its words
PHONE = 30  # rem of width below which they stand in several rows
NARROWER = 0.7  # of a box where there is less room

# One row has its labels' height before they are there. Where there is less room, buttons keep their icons, and their
# words for a screen reader only.
STYLE = """
.st-key-{key} {{ container-type: inline-size; }}
.st-key-{key}-row {{ gap: 0.75rem; }}
@container (min-width: {phone}rem) {{
  .st-key-{key}-row {{ min-height: 4.25rem; }}
}}
@container (min-width: {phone}rem) and (max-width: {whole}rem) {{
  .st-key-{key}-row {{ gap: 0.3rem; flex-wrap: nowrap; }}
  .st-key-{key}-row [data-testid="stPopoverButton"] {{ padding-inline: 0.55rem; }}
  .st-key-{key}-row [data-testid="stPopoverButton"] div[aria-hidden] {{ display: none; }}
  .st-key-{key}-row [data-testid="stPopoverButton"] [data-testid="stMarkdownContainer"] {{
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  }}
  .st-key-{key}-row [data-testid="stSelectbox"] input {{ padding-inline: 0.5rem 0; }}
  .st-key-{key}-row [data-testid="stSelectbox"] button {{ padding-inline: 0 0.25rem; width: auto; }}
  .st-key-{key}-row [data-testid="stTooltipIcon"] {{ display: none; }}
  .st-key-{key}-row [data-testid="stButtonGroup"] button {{ padding-inline: 0.45rem; }}
  .st-key-{key}-row [data-testid="stCheckbox"] label {{ gap: 0.25rem; }}
  .st-key-{key}-row [data-testid="stCheckbox"] p {{
    width: min-content; font-size: 0.8rem; line-height: 1.1;
  }}
}}
"""


@contextmanager
def control_row(key: str, widths: Mapping[str, float]) -> Iterator[DeltaGenerator]:
    """A row of controls, to which a fragment may add further ones.

    `widths` are those of its boxes by their keys, in rem.
    """
    whole = "".join(_box(name, width) for name, width in widths.items())
    narrow = "".join(_box(name, round(NARROWER * width, 2)) for name, width in widths.items())
    style = STYLE.format(key=key, phone=PHONE, whole=WHOLE)
    less_room = f"@container (min-width: {PHONE}rem) and (max-width: {WHOLE}rem)"
    st.html(f"<style>{whole}{style}{less_room} {{ {narrow} }}</style>")
    with st.container(key=key):
        row = st.container(key=f"{key}-row", horizontal=True, vertical_alignment="bottom", gap="small")
    with row:
        yield row


def _box(key: str, width: float) -> str:
    return f".st-key-{key} {{ width: {width}rem !important; min-width: 0; flex: none; }}\n"
