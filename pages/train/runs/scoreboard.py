"""Who is who: each compared run's letter and colour, its name, and how it ended."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from cnn_core.judge.significance import wilson
from cnn_core.runs.history import Run
from cnn_core.runs.listing import RunHead
from cnn_core.runs.naming import SEPARATOR
from cnn_core.runs.time_left import roughly
from pages.train.runs.choice import Heads
from pages.train.runs.looks import COLOURS, DASHED
from pages.ui import run_state
from pages.ui.run_names import begun
from pages.ui.words import one_line, percent

LONGEST = 60  # letters of a name
STYLE = """<style>
.runs-table { overflow-x: auto; }
.runs-table table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
.runs-table :is(th, td) { padding: 0 0.8rem 0 0; line-height: 1.6; text-align: left;
  vertical-align: top; font-size: 0.9rem; }
.runs-table thead th { font-weight: 400; opacity: 0.75; white-space: nowrap; }
.runs-table .letter { font-weight: 700; white-space: nowrap; }
.runs-table .letter i { display: inline-block; width: 1.4rem; margin-right: 0.3rem; vertical-align: middle;
  border-top: 4px solid; }
.runs-table .letter i.dashed { border-top-style: dashed; }
.runs-table .name span { display: block; width: clamp(6.5rem, 13vw, 20rem); overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
.runs-table .number { white-space: nowrap; }
</style>"""


def scoreboard(heads: Heads, runs: Mapping[str, Run]) -> None:
    """A row a run."""
    rows = "".join(_row(letter, heads[letter], run) for letter, run in runs.items())
    titles = ("", "", "test images right", "95\u00a0% interval", "best epoch", "time")
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    table = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    st.html(f'{STYLE}<div class="runs-table"><table>{table}</table></div>')


def letter_cell(letter: str) -> str:
    """A run's letter beside a piece of its line, as HTML."""
    dashed = ' class="dashed"' if letter in DASHED else ""
    return f'<i{dashed} style="border-color:{COLOURS[letter]}"></i>{letter}'


def _row(letter: str, head: RunHead, run: Run) -> str:
    # Its score stands in a column of its own.
    named = head.title if head.named else SEPARATOR.join((head.title, begun(head.created)))
    name = escape(one_line(named, LONGEST))
    cells = [
        f'<td class="letter">{letter_cell(letter)}</td>',
        f'<td class="name" title="{name}"><span>{name}</span></td>',
        *(
            f'<td class="number">{escape(one_line(text))}</td>'
            for text in _numbers(run_state.words(head), run)
        ),
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _numbers(state: str, run: Run) -> tuple[str, str, str, str]:
    best = max((epoch["epoch"] + 1 for epoch in run.epochs if epoch["best"]), default=None)
    epochs = f"{best} of {len(run.epochs)}" if best else ""
    trained = roughly(sum(epoch["seconds"] for epoch in run.epochs)) if run.epochs else ""
    if run.test is None:
        return state, "", epochs, trained
    images = run.test["images"]
    low, high = wilson(round(run.test["accuracy"] * images), images)
    return percent(run.test["accuracy"], 2), f"{percent(low, 1)} to {percent(high, 1)}", epochs, trained
