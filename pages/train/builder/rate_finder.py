"""Find a learning rate: a test in which it grows at every step, its curve as it comes, and the rate to begin with."""

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from cnn_core.data import datasets
from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from cnn_core.limits import SHOWS_ONLY, limits
from cnn_core.networks import repairs
from cnn_core.networks.architecture import Architecture
from cnn_core.training import memory
from cnn_core.training.rate_finder import EXPLODED, SECONDS, Reading, Tried, in_test, read
from cnn_core.training.rate_search import RateSearch
from cnn_core.training.settings import SETTINGS, TrainSettings
from pages.train.builder.keys import Key
from pages.ui.charts import MARK, TRAINING, Chart, Look, Tables, chart_kind, table
from pages.ui.network.keys import TrainingKey
from pages.ui.network.words import title
from pages.ui.twin import twin
from pages.ui.words import as_text, count, plain, sentence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POLL_SECONDS = 0.5
HEIGHT = 240
ROUGH = 40  # steps; fewer lie so far apart that the place of the steepest fall is rough
WORDS = (
    "The network begins anew with a rate far too small, and each step takes a larger one: first nothing happens, then "
    "the loss falls, then it explodes. **The rule**: take the rate at which the smoothed loss falls fastest, as the "
    "rate's logarithm grows, before it is lowest. The lowest point itself is too late: there the steps are already too "
    "large, and the loss only follows what smaller ones have learned."
)


def rate_finder(architecture: Architecture, settings: TrainSettings) -> None:
    """The test of this network with these settings: its button, its curve, its suggestion."""
    about = (architecture, in_test(settings))
    known: tuple[tuple[Architecture, TrainSettings], RateSearch] | None = st.session_state.get(Key.SEARCH)
    search = None if known is None else known[1]
    if search is not None and search.state in ("waiting", "running"):
        # It asks by a timer; what is a fragment itself stands outside of it.
        st.fragment(_running, run_every=POLL_SECONDS)(search)
        return
    reason = _cannot(architecture, settings)
    st.button(
        "Find a learning rate" if search is None else "Find it again",
        key=Key.FIND,
        icon=":material/troubleshoot:",
        on_click=_start,
        args=(about,),
        disabled=bool(reason),
        help=reason or f"Takes up to {SECONDS:g} seconds, with a copy of the network; nothing is kept of it.",
    )
    if reason:
        st.caption(reason)
    if known is None or search is None:
        st.markdown(WORDS)
        return
    if known[0] != about:
        st.info("Found with another network or other settings than those above.", icon=":material/history:")
    if search.error is not None:
        st.error(sentence(str(search.error)), icon=":material/error:")
    elif any(np.isfinite(one.loss) for one in search.tried):
        _result(search, *known[0], settings.learning_rate)


def _running(search: RateSearch) -> None:
    """How far it is, and the curve until now."""
    state, tried = search.state, search.tried
    if state not in ("waiting", "running"):
        st.rerun()  # the whole page: what is offered then stands outside of the timer
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = "Waiting for another visitor's search" if state == "waiting" else "Making the network ready"
        if tried:
            words = f"Rate {tried[-1].rate:.2g}, loss {plain(tried[-1].loss)}"
        st.progress(search.progress, words)
        st.button("Cancel", key=Key.FIND_CANCEL, icon=":material/close:", on_click=search.cancel)
    if sum(np.isfinite(one.loss) for one in tried) > 1:
        _draw(tried, read(tried), "")


def _result(search: RateSearch, architecture: Architecture, settings: TrainSettings, in_use: float) -> None:
    """The curve, the rate, one click that takes it, and what both mean."""
    tried, reading = search.tried, read(search.tried)
    source = (
        f"{title(architecture)} on {settings.dataset}, {SETTINGS['optimizer'].choices[settings.optimizer]}"
    )
    picture = _draw(tried, reading, source)
    if reading.suggested is None:
        st.warning(
            "**No suggestion**: the loss fell at no rate. "
            + (
                "It was cancelled early." if search.state == "cancelled" else "Does the network learn at all?"
            ),
            icon=":material/trending_flat:",
        )
    else:
        _suggestion(reading, reading.suggested, in_use)
    told = [f"{count(len(tried), 'step')} of {count(settings.batch_size, 'image')}, seed {settings.seed}."]
    if reading.exploded is not None:
        told.append(
            f"It ended at {reading.exploded:.2g}, where the loss was above {EXPLODED:g} times the first."
        )
    if search.state == "cancelled":
        told.append("Cancelled before the last rate.")
    elif len(tried) < ROUGH:
        told.append(f"So few fit into {SECONDS:g} s here: the reading is rough.")
    st.caption(" ".join(told))
    st.markdown(WORDS)
    numbers = pd.DataFrame(
        {
            "learning rate": [one.rate for one in tried],
            "loss": [one.loss for one in tried],
        }
    )
    twin("The steps as a table", {"Steps": numbers}, [picture], as_text(source), key=Key.FINDER_CURVE)


def _suggestion(reading: Reading, suggested: float, in_use: float) -> None:
    """The rate in words, and the click that puts it into the field above, which now has the one `in_use`."""
    rate = rounded(suggested)
    chosen = st.session_state.get(TrainingKey.LEARNING_RATE) == rate
    if chosen and in_use != rate:
        st.rerun()  # the whole page, where the field stands
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f"**Suggestion: {rate:g}**, where the loss falls fastest. It is lowest at {reading.lowest:.2g}.",
            width="content",
        )
        st.button(
            "In use" if chosen else "Use it",
            key=Key.FIND_USE,
            icon=":material/check:",
            type="secondary" if chosen else "primary",
            on_click=_use,
            args=(rate,),
            disabled=chosen,
        )


def rounded(rate: float) -> float:
    """A rate with two digits, as one would type it, within what a training takes."""
    setting = SETTINGS["learning_rate"]
    assert setting.low is not None
    assert setting.high is not None
    return min(max(float(f"{rate:.2g}"), setting.low), setting.high)


def _use(rate: float) -> None:
    st.session_state[TrainingKey.LEARNING_RATE] = rate


def _start(about: tuple[Architecture, TrainSettings]) -> None:
    st.session_state[Key.SEARCH] = (about, RateSearch(*about))


def _cannot(architecture: Architecture, settings: TrainSettings) -> str:
    """Why there can be no test, as a sentence; empty where there can."""
    if not limits().trains:
        return SHOWS_ONLY
    if wrong := repairs.to_do(architecture):
        return wrong
    if wrong := memory.batch_problem(architecture, settings.batch_size):
        return sentence(wrong)
    missing = datasets.problem(settings.dataset)
    return "" if missing is None else sentence(str(missing))


def _figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    at = tables["suggested"]["at"]
    figure = print_charts.lines(
        tables["table"],
        "rate",
        "smoothed",
        title=title,
        source=source,
        x_title="learning rate (logarithmic)",
        y_title="loss (cross-entropy), smoothed",
        at={"x": float(at.iloc[0])} if len(at) else None,
    )
    figure.axes[0].set_xscale("log")
    return figure


@chart_kind(
    {
        "table": {
            "rate": [1e-4, 1e-3, 1e-2],
            "shown": [2.3, 1.9, 4.6],
            "loss": [2.3, 1.9, 9.1],
            "smoothed": [2.3, 2.0, 4.0],
        },
        "suggested": {"at": [1e-3]},
    },
    figure=_figure,
)
def rate_curve(look: Look) -> Chart:
    """Each step's loss as a point over its rate, the smoothed loss as a line, and a rule at the suggestion."""
    rates = alt.X(
        "rate:Q",
        title="learning rate (logarithmic)",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(format="~g", tickCount=6, labelOverlap=True),
    )
    told = [
        alt.Tooltip("rate:Q", format=".2g", title="learning rate"),
        alt.Tooltip("loss:Q", format=".4f", title="loss"),
    ]
    name, zero = "loss (cross-entropy)", alt.Scale(zero=False)
    points = (
        table()
        .mark_point(filled=True, opacity=0.5, size=30, color=TRAINING)
        .encode(rates, alt.Y("shown:Q", title=name, scale=zero), tooltip=told)
    )
    line = (
        table()
        .mark_line(strokeWidth=2.5, color=TRAINING)
        .encode(rates, alt.Y("smoothed:Q", title=name, scale=zero), tooltip=told)
    )
    rule = (
        table("suggested")
        .mark_rule(color=MARK, strokeWidth=3)
        .encode(alt.X("at:Q", scale=alt.Scale(type="log", nice=False)))
    )
    return alt.layer(line, points, rule)


def _draw(tried: tuple[Tried, ...], reading: Reading, source: str) -> Picture:
    finite = [one for one in tried if np.isfinite(one.loss)]
    losses = np.array([one.loss for one in finite])
    drawn = pd.DataFrame(
        {
            "rate": [one.rate for one in finite],
            "shown": np.minimum(losses, EXPLODED * losses[:3].mean()),
            "loss": losses,
            "smoothed": reading.smoothed,
        }
    )
    at = [] if reading.suggested is None or not source else [reading.suggested]
    return rate_curve.draw(
        {"table": drawn, "suggested": pd.DataFrame({"at": pd.Series(at, dtype=float)})},
        key=Key.FINDER_CURVE,
        title="Loss as the learning rate grows",
        alt="Loss over the learning rate, which grows at each step; the table below has the numbers.",
        height=HEIGHT,
    )
