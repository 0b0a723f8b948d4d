"""One run of those that are compared: its note, what its owner may change, its file to take home, its other pages."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from cnn_core.runs import bundle, listing, live, onnx_file, records
from cnn_core.runs.history import Run
from cnn_core.runs.listing import RunHead
from cnn_core.runs.ownership import NotYours
from pages.train.runs.choice import Heads
from pages.train.runs.keys import Key
from pages.train.runs.links import links
from pages.ui import run_state
from pages.ui.controls import segments
from pages.ui.run_changes import changes, unasked
from pages.ui.run_names import run_name
from pages.ui.visitor import visitor
from pages.ui.words import as_text, sentence


def show(heads: Heads, runs: Mapping[str, Run]) -> None:
    """Choose one by its letter, where there are several."""
    letters = list(runs)
    letter = letters[0]
    if st.session_state.get(Key.ONE) not in letters:
        st.session_state.pop(Key.ONE, None)
    if len(letters) > 1:
        letter = segments("Run", letters, Key.ONE, letters[0], hide_label=True)
    run = listing.head(heads[letter].id)
    if run is None:
        st.rerun()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"**{letter} · {as_text(run_name(run))}**", width="content")
        run_state.badge(run)
        st.caption(run_state.about(run), width="content")
    mine = visitor().may_change(run.owner)
    if run.note and not mine:
        st.markdown(note(run.note))
    if run.reason:
        st.caption(sentence(run.reason))
    links(run)
    _download(run)
    if mine:
        with st.container(border=True, gap="small"):
            changes(run, unasked)
    else:
        st.caption(str(NotYours(run.owner)))


def note(text: str) -> str:
    """A note as Markdown: its lines as they were written, and nothing made of them."""
    return "  \n".join(as_text(line) for line in text.split("\n") if line)


def _download(run: RunHead) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        onnx = False
        if run.has_model:
            there = onnx_file.available()
            onnx = st.checkbox(
                "With ONNX",
                key=Key.ONNX,
                disabled=not there,
                help="The network for programs that know no torch; it takes some seconds more."
                if there
                else onnx_file.HOW_TO_GET,
            )
        st.download_button(
            "Download it as one file",
            partial(_zip, run.id, onnx and onnx_file.available()),
            bundle.file_name(run.id),
            "application/zip",
            icon=":material/folder_zip:",
            on_click="ignore",
            help="Weights, card, settings, scores, curves as CSV, the network as PyTorch source.",
        )
        if run.has_model and not onnx_file.available():
            st.caption(onnx_file.HOW_TO_GET)


def _zip(run_id: str, onnx: bool) -> bytes:
    """The file, made when it is asked for. Raises `RunError` and others: the browser then says that it failed."""
    return bundle.bundle(live.read(records.run_path(run_id).name), onnx=onnx)
