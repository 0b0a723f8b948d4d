"""What a run is called wherever it is listed: "32-64-64 · MNIST · 99.24 % · 12:14", or the title that it was given."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from cnn_core.runs.history import Run
from cnn_core.runs.listing import RunHead
from cnn_core.runs.naming import SEPARATOR
from pages.ui.words import percent

RUN_PREFIX = "run:"
LAST_DIGITS = 4  # of a run's id, where nothing else tells two apart


def run_name(run: RunHead | Run) -> str:
    """The title that somebody gave the run, else its network, data, test accuracy where it has one, and its start.

    Not yet for Markdown: anybody may have written the title.
    """
    if run.named:
        return run.title
    accuracy = _accuracy(run)
    parts = (run.title, None if accuracy is None else percent(accuracy, 2), begun(run.created))
    return SEPARATOR.join(part for part in parts if part)


def _accuracy(run: RunHead | Run) -> float | None:
    if isinstance(run, RunHead):
        return run.accuracy
    return None if run.test is None else run.test["accuracy"]


def begun(created: float, now: datetime | None = None) -> str:
    """When that was by the visitor's clock: "12:14", with the date where it is not today's; empty for 0."""
    if not created:
        return ""
    zone = _zone()
    now = now or datetime.now(zone)
    then = datetime.fromtimestamp(created, zone)
    time = f"{then:%H:%M}"
    if then.date() == now.date():
        return time
    return f"{then.day} {then:%b}{f' {then.year}' if then.year != now.year else ''}, {time}"


def _zone() -> tzinfo | None:
    """The visitor's time zone; None, which is this machine's, where the browser tells none."""
    try:
        return ZoneInfo(st.context.timezone or "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def run_key(run_id: str) -> str:
    """What stands for a run's model in links and as a choice; it stays the same however the run is called."""
    return f"{RUN_PREFIX}{run_id}"


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Names by their keys, each only once: of those that are the same, the key's last digits stand behind all."""
    often = Counter(names.values())
    return {
        key: name if often[name] == 1 else f"{name}{SEPARATOR}#{key[-LAST_DIGITS:]}"
        for key, name in names.items()
    }
