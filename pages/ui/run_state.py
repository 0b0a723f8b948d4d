"""A run's state as lists tell it: a badge with its words, and whether they change by themselves."""

import time
from typing import Literal, NamedTuple

import streamlit as st

from cnn_core.data import catalog
from cnn_core.runs import live, records
from cnn_core.runs.jobs import manager
from cnn_core.runs.listing import RunHead
from pages.ui.words import NO_BREAK, as_text, count, percent, sentence

Colour = Literal["gray", "blue", "orange", "red", "green"]


class _Look(NamedTuple):
    words: str
    icon: str
    colour: Colour


LOOKS = {
    "queued": _Look("waiting", "hourglass_empty", "gray"),
    "running": _Look("training", "play_arrow", "blue"),
    "paused": _Look("paused", "pause", "orange"),
    "interrupted": _Look("interrupted", "pause", "orange"),
    "stopped": _Look("stopped", "stop", "gray"),
    "failed": _Look("failed", "error", "red"),
    "finished": _Look("finished", "check", "green"),
}
DAMAGED = _Look("damaged", "broken_image", "red")
STARTING = "starting"
AGO = ((86400, "d"), (3600, "h"), (60, "min"))  # seconds


def words(run: RunHead) -> str:
    """The state in words: "waiting: 2 runs before it", "training 43 %", "finished: 98.12 % right"."""
    if run.damaged:
        return DAMAGED.words
    known = LOOKS[run.status].words
    if run.status == "queued":
        return _waiting(run.id)
    if run.status == "running":
        return f"{known} {percent(_progress(run.id), 0)}"
    return known if run.accuracy is None else f"{known}: {percent(run.accuracy, 2)} right"


def _waiting(run_id: str) -> str:
    position = manager().position(run_id)
    if position is None:
        return "waiting, not in this server's queue"
    return STARTING if position == 0 else f"waiting: {count(position, 'run')} before it"


def _progress(run_id: str) -> float:
    try:
        return live.read(run_id).progress
    except records.RunError:  # deleted in this moment; the list's next look says so
        return 0.0


def doing(run: RunHead) -> str:
    """An active run's state in one word: "waiting", "starting", "training"."""
    first = run.status == "queued" and manager().position(run.id) == 0
    return STARTING if first else LOOKS[run.status].words


def badge(run: RunHead) -> None:
    """The state as a badge."""
    look = DAMAGED if run.damaged else LOOKS[run.status]
    ended = not run.named and run.accuracy is not None  # then the score is in its name
    st.badge(look.words if ended else words(run), icon=f":material/{look.icon}:", color=look.colour)


def about(run: RunHead) -> str:
    """What it is trained on, and when it was started: "MNIST, 5 min ago"; of a damaged one what is damaged."""
    if run.damaged:
        _, known, what = run.damaged.partition(records.UNREADABLE)
        return f"Its {as_text(what)}" if known else sentence(run.damaged)
    parts = [as_text(catalog.title(run.dataset)) if run.dataset else "", ago(run.created)]
    return ", ".join(part for part in parts if part)


def ago(created: float) -> str:
    """How long ago that was; empty where it is not known (0)."""
    if not created:
        return ""
    seconds = time.time() - created
    for unit, name in AGO:
        if seconds >= unit:
            return f"{int(seconds // unit):,}{NO_BREAK}{name} ago"
    return "just now"
