"""How far an experiment is, how long it will still take, and what its owner may do to it."""

from collections.abc import Callable, Sequence

import streamlit as st

from cnn_core.limits import LimitReached, limits
from cnn_core.runs import records
from cnn_core.runs.jobs import manager
from cnn_core.runs.ownership import NotYours, Visitor
from cnn_core.runs.series import Series, SeriesFileError
from cnn_core.runs.series_cost import seconds_left
from cnn_core.runs.time_left import roughly
from pages.train.series.gathered import Part
from pages.ui.visitor import visitor
from pages.ui.words import as_text, count, sentence

Act = Callable[[Visitor, str], None]
LOOK_ON = "Another browser started this experiment. You can look at it; only that browser can change it."


def show_progress(series: Series, parts: Sequence[Part], title: str) -> None:
    """The state in words, a bar while it goes on, and the buttons of its owner."""
    ended = sum(part.ended for part in parts)
    mine = visitor().may_change(series.owner)
    following = manager().series
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = f"**{title}**: {ended} of {count(len(parts), 'run')} done"
        if series.state == "going":
            st.progress(_share(parts), f"{words} · {_now(series, parts)}")
        else:
            state = "" if series.state == "ended" else ", held up"
            st.markdown(f"{words}{state}", width="stretch")
        if mine and series.state == "going":
            _button("Pause", ":material/pause:", following.pause, series)
        if mine and series.state == "paused":
            _button("Go on", ":material/play_arrow:", following.go_on, series, primary=True)
        if mine and series.state != "ended" and series.next is not None:
            _button("Cancel the rest", ":material/close:", following.cancel, series)
    if not mine:
        st.caption(LOOK_ON)
    elif series.state == "paused":
        st.caption("What it has is kept. Go on, and its runs follow one another again.")
    if waits := following.waits_for(series.id):
        st.caption(f"The next run waits: {sentence(waits)}")
    for part in parts:
        reason = part.planned.reason or (
            "" if part.run is None or part.run.status != "failed" else part.run.reason
        )
        if reason:
            st.warning(f"**{as_text(part.planned.label)}**: {sentence(reason)}", icon=":material/error:")


def _share(parts: Sequence[Part]) -> float:
    done = sum(1.0 if part.ended else 0.0 if part.run is None else part.run.progress for part in parts)
    return min(1.0, done / max(1, len(parts)))


def _now(series: Series, parts: Sequence[Part]) -> str:
    """What happens now, and how long all will take."""
    queue = manager()
    left = f"about {roughly(seconds_left(series, queue))} left"
    current = queue.series.current(series)
    if current is None:
        return left
    queue.touch(current)
    position = queue.position(current)
    part = next((one for one in parts if one.planned.run == current), None)
    label = "" if part is None else f"{as_text(part.planned.label)}, seed {part.planned.settings.seed}"
    if position:
        return f"{label} waits, {count(position, 'run')} before it · {left}"
    return f"{label} trains · {left}"


def _button(label: str, icon: str, act: Act, series: Series, *, primary: bool = False) -> None:
    st.button(
        label,
        icon=icon,
        on_click=do,
        args=(act, series.id),
        type="primary" if primary else "secondary",
        disabled=primary and not limits().trains,
    )


def do(act: Act, series_id: str) -> None:
    """Do something to an experiment for this visitor; a refusal is told in passing."""
    try:
        act(visitor(), series_id)
    except (LimitReached, NotYours, records.RunError, SeriesFileError) as error:
        st.toast(sentence(str(error)), icon=":material/info:")
    except OSError as error:
        st.toast(f"The disk takes nothing ({as_text(error.strerror or '')}).", icon=":material/info:")
