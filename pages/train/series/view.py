"""One experiment as its runs come in: how far it is, what may be done to it, scores and curves, what they say."""

from functools import partial

import streamlit as st

from cnn_core.figures.picture import Picture
from cnn_core.runs.history import Run
from cnn_core.runs.jobs import manager
from cnn_core.runs.series import Series, SeriesFileError
from cnn_core.series.outcomes import Outcome, scored
from pages.train.series import gathered
from pages.train.series.curves_chart import draw_curves
from pages.train.series.findings import findings
from pages.train.series.gathered import Part
from pages.train.series.keys import Key
from pages.train.series.looks import HEIGHT
from pages.train.series.prediction import may_be_seen
from pages.train.series.progress import show_progress
from pages.train.series.run_list import run_list
from pages.train.series.scores_chart import draw_scores
from pages.train.series.shown import called, names_of
from pages.ui.controls import choose, fold, segments
from pages.ui.twin import Table, twin
from pages.ui.words import as_text, sentence

POLL_SECONDS = 1.0
# What is drawn of each epoch, and its field in the run's events.
QUANTITIES = {
    "Validation accuracy": "validation_accuracy",
    "Validation loss": "validation_loss",
    "Training loss": "loss",
}
OVER = {"Epochs": "epoch", "Seconds": "seconds of training"}
LAYOUT = f"""<style>
.st-key-{Key.PARTS} > div {{ flex: 1 1 22rem; min-width: min(22rem, 100%); }}
</style>"""


def results(series_id: str) -> None:
    """Show an experiment; while it goes on, again and again."""
    try:
        state = manager().series.get(series_id).state
    except SeriesFileError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        return
    st.html(LAYOUT)
    st.fragment(_view, run_every=POLL_SECONDS if state == "going" else None)(series_id, state)


def _view(series_id: str, state: str) -> None:
    try:
        series = manager().series.get(series_id)
    except SeriesFileError:
        st.rerun()  # the whole page, which says so and asks no more
    if series.state != state:
        st.rerun()  # the whole page, which then asks more or less often
    parts = gathered.parts_of(series)
    outcomes, names = gathered.outcomes(parts), names_of(series)
    ended = state == "ended"
    show_progress(series, parts, names.title)
    said = findings(
        outcomes,
        partial(gathered.disagree, series.settings.dataset),
        axis=names.axis,
        log=names.log,
        ended=ended,
    )
    on = bool(st.session_state.get(Key.PREDICT, False))
    if may_be_seen(on, series, outcomes, said[0] if said else "", ended):
        pictures = _charts(series, parts, outcomes)
        st.markdown("\n".join(f"- {one}" for one in said))
        tables: dict[str, Table] = {"Runs": gathered.table(parts, names.axis)}
        # While a timer runs the fragment, no menu is in it: see the Builder's view.
        twin("Numbers of each run", tables, pictures if state != "going" else [], called(series))
    fold("Each run", Key.RUNS, ":material/list:", partial(run_list, series, parts))


def _charts(series: Series, parts: list[Part], outcomes: list[Outcome]) -> list[Picture]:
    """Scores on the left, curves on the right; what stands there before there is a number."""
    names, pictures = names_of(series), []
    runs = [part.run for part in parts if part.run is not None]
    with st.container(horizontal=True, gap="medium", key=Key.PARTS):
        with st.container(gap="small"):
            if scored(outcomes):
                several = any(len(one.scores) > 1 for one in outcomes)
                bar = "where the mean lies, 95 %" if several else "95 % interval by its test images"
                st.markdown(f"**Test accuracy**: a dot for each run; bar: {bar}")
                pictures.append(draw_scores(outcomes, names.axis, names.log, f"{names.title}: test accuracy"))
            else:
                with st.container(height=HEIGHT // 2, border=False):
                    st.info(
                        "The first score comes with the end of the first run.", icon=":material/scatter_plot:"
                    )
        with st.container(gap="small"):
            pictures += _curves(parts, runs, names.title)
    return pictures


def _curves(parts: list[Part], runs: list[Run], title: str) -> list[Picture]:
    with st.container(horizontal=True, gap="small"):
        first = next(iter(QUANTITIES))
        quantity = choose("Curve", list(QUANTITIES), Key.QUANTITY, first, width=210, hide_label=True)
        over = segments("Over", list(OVER), Key.OVER, next(iter(OVER)), hide_label=True)
    curves = gathered.curves(parts, QUANTITIES[quantity], over == "Seconds")
    if curves.empty:
        held_out = any(run.settings.validation_fraction for run in runs) or not runs
        words = "A curve begins here with the first epoch." if held_out else "No images are held out."
        st.info(words, icon=":material/show_chart:")
        return []
    names = list(gathered.by_variant(parts))
    return [
        draw_curves(
            curves,
            names,
            quantity=quantity.lower(),
            over=OVER[over],
            share="accuracy" in quantity,
            title=f"{title}: {as_text(quantity.lower())}",
        )
    ]
