"""Two ways through the tour, for five minutes and for a lesson: links in order, with their minutes."""

from typing import NamedTuple

import streamlit as st

from pages.start.home.keys import Key
from pages.ui.site import info


class Way(NamedTuple):
    """A way through the tour: pages by their names, each with the minutes that it takes."""

    title: str
    steps: tuple[tuple[str, int], ...]

    @property
    def minutes(self) -> int:
        """Of all its steps."""
        return sum(minutes for _, minutes in self.steps)


WAYS = (
    Way("Five minutes", (("draw", 1), ("convolution", 2), ("feature_maps", 1), ("confusion", 1))),
    Way(
        "A lesson",
        (
            ("convolution", 10),
            ("pooling", 5),
            ("builder", 15),
            ("filters", 5),
            ("feature_maps", 5),
            ("confusion", 5),
        ),
    ),
)


STYLE = f"""<style>
[class*="st-key-{Key.WAY}-"] {{ gap: 0 0.25rem; }}
[class*="st-key-{Key.WAY}-"] [data-testid="stMarkdown"] {{ min-width: 7rem; }}
[class*="st-key-{Key.WAY}-"] [data-testid="stPageLink"] a {{ padding: 0.2rem 0.5rem; }}
</style>"""


def show() -> None:
    """Each way as one line of links."""
    st.html(STYLE)
    for number, way in enumerate(WAYS):
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", key=f"{Key.WAY}-{number}"
        ):
            st.markdown(f"**{way.title}**", width="content")
            for step, (name, minutes) in enumerate(way.steps, 1):
                page = info(name)
                st.page_link(page.script, label=f"{step}. {page.title}, {minutes}\u00a0min", width="content")
