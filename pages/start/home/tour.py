"""The tour: a card a page, with a live picture; all of a card is its link."""

import streamlit as st

from pages.start.home.keys import Key
from pages.start.home.pictures.canvas import HEIGHT
from pages.start.home.pictures.listed import of_tour
from pages.ui.models import ModelRef
from pages.ui.site import PageInfo

COLUMNS = 3
CARD = f'[class*="st-key-{Key.CARD}-"]'
# The link's own box stays a line of text; what is clicked is a layer of it over the whole card.
STYLE = f"""<style>
{CARD} {{ position: relative; transition: border-color 0.1s; }}
{CARD} :is([data-testid="stElementContainer"], [data-testid="stPageLink"], [data-testid="stPageLink"] a) {{
  position: static;
}}
{CARD} [data-testid="stPageLink"] a {{ padding: 0; background: none; outline: none; box-shadow: none; }}
{CARD} [data-testid="stPageLink"] a::after {{ content: ""; position: absolute; inset: 0; border-radius: 0.5rem; }}
{CARD}:hover {{ border-color: var(--st-primary-color, #0072b2); }}
{CARD} [data-testid="stPageLink"] a:focus-visible::after {{ outline: 3px solid #0072b2; outline-offset: 1px; }}
.tour-picture {{ height: {HEIGHT}px; display: flex; align-items: center; gap: 10px; }}
.tour-picture img {{ height: 100%; max-width: 100%; min-width: 0; object-fit: contain; image-rendering: pixelated; }}
.tour-picture img:nth-child(2):not(:last-child) {{ height: 45%; }}
</style>"""


def show(pages: tuple[PageInfo, ...], shipped: ModelRef | None) -> None:
    """A card for each of the pages, numbered, in the order of the tour."""
    st.html(STYLE)
    made = of_tour(shipped, 0 if shipped is None else shipped.stamp)
    for start in range(0, len(pages), COLUMNS):
        row = zip(st.columns(COLUMNS, gap="small"), pages[start : start + COLUMNS])
        for number, (place, page) in enumerate(row, start + 1):
            with place.container(border=True, height="stretch", gap="xsmall", key=f"{Key.CARD}-{page.name}"):
                if page.name in made:
                    st.html(f'<div class="tour-picture">{made[page.name]}</div>')
                else:
                    st.markdown(f"# {page.icon}")
                st.page_link(page.script, label=f"**{number}. {page.title}**")
                st.markdown(page.sentence)
