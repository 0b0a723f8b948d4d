"""Confusion matrices side by side on one scale, and one less another."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from cnn_core.arrays import Integers
from cnn_core.data import catalog
from cnn_core.figures.picture import Picture
from cnn_core.judge import metrics
from cnn_core.runs.history import Run
from pages.train.runs import charts
from pages.train.runs.choice import Heads
from pages.train.runs.keys import Key
from pages.train.runs.pair import pick_pair, same_images, tested
from pages.ui.controls import segments
from pages.ui.run_names import run_name
from pages.ui.twin import Table, twin
from pages.ui.words import minus, percent

SIDE, LESS = "Side by side", "Difference of two"
WRITTEN = 12  # classes up to which a cell has room for its number
LAYOUT = f"""<style>
.st-key-{Key.MATRICES} > div {{ flex: 1 1 17rem; min-width: min(17rem, 100%); }}
</style>"""


def show(heads: Heads, runs: Mapping[str, Run]) -> None:
    """The matrices of those that are tested."""
    scored = tested(runs)
    for letter in runs.keys() - scored.keys():
        st.caption(f"{letter} is not tested yet.")
    if not scored:
        return
    st.html(LAYOUT)
    shown = SIDE
    if len(scored) > 1:
        shown = segments("Shown", [SIDE, LESS], Key.CELLS, SIDE, hide_label=True)
    if shown == SIDE:
        _side_by_side(heads, scored)
    else:
        _difference(heads, scored)


def _side_by_side(heads: Heads, runs: Mapping[str, Run]) -> None:
    found = {letter: counts(run) for letter, run in runs.items()}
    worst = max(metrics.largest_share_wrong(cm) for cm in found.values())
    scale = f"green: right, full at 100 %; vermilion: mistakes, full at {percent(worst, 1)} of a class"
    st.caption(
        f"A row is a true class, a column what it is read as. {scale[0].upper()}{scale[1:]}, in all alike."
    )
    pictures: list[Picture] = []
    tables: dict[str, Table] = {}
    with st.container(horizontal=True, gap="small", key=Key.MATRICES):
        for letter, cm in found.items():
            with st.container(gap=None):
                st.markdown(f"**{letter}** · {percent(metrics.accuracy(cm), 2)} right")
                classes = names(runs[letter], len(cm))
                pictures.append(
                    charts.matrix.draw(
                        {"table": cells(cm, classes, worst)},
                        key=f"{Key.MATRIX}-{letter}",
                        title=f"Confusion matrix of {letter}",
                        alt=f"Confusion matrix of {letter}; the numbers stand below.",
                        height=330,
                        written=len(classes) <= WRITTEN,
                        scale=scale,
                    )
                )
                tables[f"{letter}: a row is a true class"] = metrics.labelled(cm, classes)
    named = ", ".join(f"{letter}: {run_name(heads[letter])}" for letter in runs)
    twin("The matrices as tables", tables, pictures, named, key=Key.MATRICES)


def _difference(heads: Heads, runs: Mapping[str, Run]) -> None:
    one, other = pick_pair(runs)
    if not same_images(runs[one], runs[other]):
        st.info(f"{one} and {other} were tested on different images.", icon=":material/info:")
        return
    first, second = counts(runs[one]), counts(runs[other])
    drawn = less(first, second, names(runs[one], len(first)))
    scale = f"blue: {one} has more images in the cell, vermilion: {other} has"
    st.markdown(
        f"**{one} less {other}.** {scale[0].upper()}{scale[1:]}. On the diagonal more is better, elsewhere fewer."
    )
    picture = charts.difference.draw(
        {"table": drawn},
        key=Key.DIFFERENCE,
        title=f"Confusion matrix of {one} less that of {other}",
        alt=f"The confusion matrix of {one} less that of {other}; the numbers stand below.",
        height=360,
        written=len(first) <= WRITTEN,
        scale=scale,
    )
    named = f"{one}: {run_name(heads[one])}, {other}: {run_name(heads[other])}"
    twin(
        "The difference as a table",
        {"Each cell": drawn.drop(columns=["shade", "text"])},
        [picture],
        named,
        key=Key.DIFFERENCE,
    )


def counts(run: Run) -> Integers:
    """The confusion matrix (K, K) of a run that is tested."""
    assert run.test is not None
    return metrics.as_matrix(run.test["confusion_matrix"])


def names(run: Run, classes: int) -> tuple[str, ...]:
    """Its classes' names; numbers where its dataset is not known here."""
    try:
        known = tuple(catalog.info(run.settings.dataset).classes)
    except (LookupError, ValueError, OSError):
        known = ()
    return known if len(known) == classes else tuple(map(str, range(classes)))


def cells(cm: Integers, classes: Sequence[str], worst: float) -> pd.DataFrame:
    """A row a cell: what `charts.matrix` draws, mistakes shaded against the share `worst` of a class."""
    share = metrics.normalize_rows(cm)
    right = np.eye(len(cm), dtype=bool)
    shade = np.where(right, share, share / (worst or 1.0))
    return _frame(
        classes,
        {
            "right": right.ravel(),
            "images": cm.ravel(),
            "of its class": [percent(part, 2) for part in share.ravel().tolist()],
            "shade": shade.ravel(),
            "text": [
                str(images) if images and not diagonal else ""
                for images, diagonal in zip(cm.ravel().tolist(), right.ravel().tolist())
            ],
        },
    )


def less(first: Integers, second: Integers, classes: Sequence[str]) -> pd.DataFrame:
    """A row a cell: what `charts.difference` draws of one matrix less the other."""
    difference = first - second
    most = int(abs(difference).max()) or 1
    return _frame(
        classes,
        {
            "difference": difference.ravel(),
            "first": first.ravel(),
            "second": second.ravel(),
            "shade": (abs(difference) / most).ravel(),
            "text": [minus(f"{one:+d}") if one else "" for one in difference.ravel().tolist()],
        },
    )


def _frame(classes: Sequence[str], columns: Mapping[str, object]) -> pd.DataFrame:
    named = np.array(classes, dtype=object)
    true, answer = (axis.ravel() for axis in np.indices((len(classes), len(classes))))
    return pd.DataFrame({"true": named[true], "read as": named[answer], **columns})
