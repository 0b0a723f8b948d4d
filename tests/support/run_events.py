"""The events of a run, all of them and one by one, as tests look at them."""

from pathlib import Path

from cnn_core.runs import events, records
from cnn_core.runs.events import Event


def events_of(path: Path) -> list[Event]:
    """What the run in `path` has told, in order; damaged lines are passed over."""
    lines = (path / records.EVENTS).read_bytes().splitlines()
    return [event for line in lines if (event := events.read(line)) is not None]
