"""What the runs were told: rows in which they differ first and marked, the others folded away."""

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape

import streamlit as st

from cnn_core.runs.comparison import UNREAD, Row, rows, said
from cnn_core.runs.history import Run
from pages.train.runs.choice import Heads
from pages.train.runs.keys import Key
from pages.train.runs.scoreboard import letter_cell
from pages.ui.controls import fold
from pages.ui.words import count, one_line

LONGEST = 300  # letters of a value: a network as a line
STYLE = """<style>
.runs-table tr.differs th { border-left: 4px solid #cc79a7; padding-left: 0.5rem; font-weight: 700; }
.runs-table tr.differs td { font-weight: 600; }
.runs-table tbody th { white-space: nowrap; }
.runs-table tr.same th { font-weight: 400; }
.runs-table td.value { min-width: 5rem; overflow-wrap: anywhere; }
</style>"""


def show(heads: Heads, runs: Mapping[str, Run]) -> None:
    """The sentence on what may be concluded, and the table."""
    found = rows(list(runs.values()))
    if len(runs) > 1:
        st.markdown(said(found))
        differing = [row for row in found if row.differs]
        if differing:
            st.html(html(list(runs), differing))
        same = [row for row in found if not row.differs]
        fold(
            f"{count(len(same), 'more row')}, the same in all",
            Key.SAME,
            ":material/unfold_more:",
            partial(_same, list(runs), same),
        )
    else:
        st.html(html(list(runs), found))


def _same(letters: Sequence[str], found: Sequence[Row]) -> None:
    st.html(html(letters, found))


def html(letters: Sequence[str], found: Sequence[Row]) -> str:
    """The rows as a table; one that differs bears a sign too, not its colour alone."""
    head = "".join(f'<th class="letter">{letter_cell(letter)}</th>' for letter in letters)
    body = "".join(_row(row) for row in found)
    table = f"<thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody>"
    return f'{STYLE}<div class="runs-table"><table>{table}</table></div>'


def _row(row: Row) -> str:
    sign = "≠ " if row.differs else ""
    values = "".join(
        f'<td class="value">{escape(one_line(UNREAD if value is None else value, LONGEST))}</td>'
        for value in row.values
    )
    look = "differs" if row.differs else "same"
    return f'<tr class="{look}"><th>{sign}{escape(row.label)}</th>{values}</tr>'
