"""A confusion matrix as a chart: right answers green, wrong ones vermilion, a click picks a cell."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from cnn_core import pictures
from cnn_core.arrays import Integers
from cnn_core.figures import maps
from cnn_core.figures.picture import Picture
from cnn_core.judge import metrics
from pages.ui.charts import LIGHT, MARK, RIGHT, WRONG, Chart, Look, Tables, chart_kind, table
from pages.ui.words import percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LONG = 40  # letters of all class names together: more do not fit side by side
HEIGHT = 430  # px


def _cells(
    cm: Integers, classes: Sequence[str], chosen: tuple[int | None, int | None] | None
) -> pd.DataFrame:
    """A row a cell. `strength` in 0..1: the share of its class, relative to the largest where wrong."""
    shares = metrics.normalize_rows(cm)
    largest = metrics.largest_share_wrong(cm) or 1.0
    true, predicted = (axis.ravel() for axis in np.indices(cm.shape))
    right = true == predicted
    return pd.DataFrame(
        {
            "true": np.array(classes, dtype=object)[true],
            "predicted": np.array(classes, dtype=object)[predicted],
            "images": cm.ravel(),
            "share": shares.ravel(),
            "right": right,
            "strength": shares.ravel() / np.where(right, 1.0, largest),
            "chosen": [cell == chosen for cell in zip(true.tolist(), predicted.tolist())],
        }
    )


def _figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    cells, classes = tables["table"], options["classes"]
    count = len(classes)
    fills = np.empty((len(cells), 4))
    green, vermilion = (np.array(colour) / 255 for colour in (pictures.RIGHT, pictures.WRONG))
    fills[:, :3] = np.where(cells["right"].to_numpy()[:, None], green, vermilion)
    fills[:, 3] = cells["strength"]
    shown = [percent(share) for share in cells["share"]] if options["shares"] else map(str, cells["images"])
    texts = [text if images else "" for text, images in zip(shown, cells["images"])]
    wrong = cells.loc[~cells["right"], "share"].max()
    return maps.matrix(
        [texts[row * count : (row + 1) * count] for row in range(count)],
        fills.reshape(count, count, 4),
        classes,
        title=title,
        source=source,
        scale=f"green: right, 0 to 100\u00a0% of the true class; vermilion: wrong, 0 to {percent(wrong, 2)}",
    )


@chart_kind(
    {
        "table": {
            "true": ["cat", "cat", "dog", "dog"],
            "predicted": ["cat", "dog", "cat", "dog"],
            "images": [8, 2, 0, 5],
            "share": [0.8, 0.2, 0.0, 1.0],
            "right": [True, False, False, True],
            "strength": [0.8, 1.0, 0.0, 1.0],
            "chosen": [False, True, False, False],
        }
    },
    figure=_figure,
    inked=True,
    classes=("cat", "dog"),
    shares=False,
)
def matrix(look: Look, *, classes: tuple[str, ...], shares: bool) -> Chart:
    """Cells by true and predicted class with their number of images, or their share of the true class."""
    bare: dict[str, Any] = {"labelOverlap": False, "grid": False, "ticks": False, "domain": False}
    angle = 0 if len("".join(classes)) < LONG else -40
    base = table().encode(
        alt.X(
            "predicted:N",
            sort=list(classes),
            title="Predicted class",
            axis=alt.Axis(labelAngle=angle, **bare),
        ),
        alt.Y("true:N", sort=list(classes), title="True class", axis=alt.Axis(**bare)),
        tooltip=[
            alt.Tooltip("true:N", title="true class"),
            alt.Tooltip("predicted:N", title="predicted class"),
            alt.Tooltip("images:Q", format=",d"),
            alt.Tooltip("share:Q", format=".2%", title="share of the true class"),
        ],
    )
    cells = base.mark_rect(cursor="pointer").encode(
        fill=alt.condition("datum.right", alt.value(RIGHT), alt.value(WRONG)),
        fillOpacity=alt.FillOpacity("strength:Q", scale=None, legend=None),
        opacity=alt.value(1),
    )
    shown = alt.Text("share:Q", format=".1%") if shares else alt.Text("images:Q", format="d")
    # On full green or vermilion the dark ink is read better than the light one, in both themes.
    ink = alt.condition("datum.strength > 0.9", alt.value(LIGHT.ink), alt.value(look.ink))
    texts = base.transform_filter("datum.images > 0").mark_text(tooltip=True).encode(text=shown, color=ink)
    frame = base.transform_filter("datum.chosen").mark_rect(filled=False, strokeWidth=4, stroke=MARK)
    picked = alt.selection_point(name="cell", fields=["true", "predicted"])
    return alt.layer(cells.add_params(picked), texts, frame)


def confusion_chart(
    cm: Integers,
    classes: Sequence[str],
    *,
    key: str,
    shares: bool,
    chosen: tuple[int | None, int | None] | None,
    on_pick: Callable[[str, str], None],
) -> Picture:
    """Draw the matrix (K, K) as counts or as shares of its rows. `on_pick` gets a clicked cell's class names."""

    def picked() -> None:
        cells = st.session_state[key].selection.get("cell", [])
        # What a browser sends may be anything: a cell has the names of two classes.
        cell = cells[0] if isinstance(cells, list) and cells and isinstance(cells[0], dict) else {}
        true, predicted = str(cell.get("true")), str(cell.get("predicted"))
        if true in classes and predicted in classes:
            on_pick(true, predicted)

    picture = matrix.draw(
        {"table": _cells(cm, classes, chosen)},
        key=key,
        title="Confusion matrix",
        alt="Confusion matrix; the table below holds the same numbers",
        height=HEIGHT,
        on_select=picked,
        classes=tuple(classes),
        shares=shares,
    )
    largest = metrics.largest_share_wrong(cm)
    st.caption(
        f"Green: right, from 0 to 100\u00a0% of the true class. Vermilion: wrong, from 0 to"
        f" {percent(largest, 2)} of it. Click a cell to see its images."
    )
    return picture
