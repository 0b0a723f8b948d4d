"""The page's one picture: the list of runs, and beside it what those that were chosen have in common and have not."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from cnn_core.runs import live, records
from cnn_core.runs.history import Run
from pages.train.runs import choice, curves, matrices, one_run, settings_table
from pages.train.runs.better import better
from pages.train.runs.choice import Heads
from pages.train.runs.keys import Key
from pages.train.runs.run_list import nothing, run_list
from pages.train.runs.scoreboard import scoreboard
from pages.ui.controls import open_part
from pages.ui.words import sentence

POLL_SECONDS = 2.0  # while one of those that are compared trains
LAYOUT = f"""<style>
.st-key-{Key.PLACE} > :has(> .st-key-{Key.LIST}) {{ flex: 1 1 16rem; min-width: min(16rem, 100%); }}
.st-key-{Key.PLACE} > :has(> .st-key-{Key.COMPARED}) {{ flex: 3 1 34rem; min-width: min(34rem, 100%); }}
.st-key-{Key.LIST} {{ max-height: calc(var(--cl-room) + 3rem); overflow-y: auto; padding: 3px; }}
.st-key-{Key.LIST} label p {{ overflow-wrap: anywhere; }}
@media (max-width: 1080px) {{
  .st-key-{Key.LIST} {{ flex-flow: row wrap; gap: 0 1rem; max-height: 6rem; }}
  .st-key-{Key.LIST} > div {{ width: auto; }}
}}
</style>"""
Stamp = tuple[tuple[str, str, int, bool], ...]


def show() -> None:
    """Show the list and what is chosen of it."""
    choice.read_link()
    st.fragment(_show)()


def _show() -> None:
    runs = choice.listed()
    if not runs.all:
        choice.put_link({})
        nothing()
        return
    heads = choice.chosen(runs)
    choice.put_link(heads)
    st.html(LAYOUT)
    with st.container(horizontal=True, gap="medium", key=Key.PLACE):
        with st.container(gap="xsmall", key=Key.LIST):
            run_list(runs, heads)
        with st.container(gap="small", key=Key.COMPARED):
            _compared(heads)


def _compared(heads: Heads) -> None:
    if not heads:
        st.info(
            "Tick two runs or more: they are laid over one another here.", icon=":material/compare_arrows:"
        )
        return
    read, wrong = _read(heads)
    for words in wrong:
        st.error(words, icon=":material/error:")
    if not read:
        return
    scoreboard(heads, read)
    open_part(
        {
            "Curves": partial(curves.show, heads, read),
            "Settings": partial(settings_table.show, heads, read),
            "Confusion matrices": partial(matrices.show, heads, read),
            "Better, or chance?": partial(better, heads, read),
            "Note, files, links": partial(one_run.show, heads, read),
        },
        Key.PART,
    )
    if any(run.active for run in read.values()):
        st.fragment(_watch, run_every=POLL_SECONDS)(heads, _stamp(read))


def _read(heads: Heads) -> tuple[dict[str, Run], list[str]]:
    read, wrong = {}, []
    for letter, head in heads.items():
        try:
            read[letter] = live.read(head.id)
        except records.RunError as error:
            wrong.append(sentence(str(error)))
    return read, wrong


def _stamp(read: Mapping[str, Run]) -> Stamp:
    return tuple((one.id, one.status, len(one.epochs), one.test is None) for one in read.values())


def _watch(heads: Heads, stamp: Stamp) -> None:
    """Ask for the page again when an epoch is over, or a run has ended."""
    if _stamp(_read(heads)[0]) != stamp:
        st.rerun()
