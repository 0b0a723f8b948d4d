"""How a run's steps are: rate, gradients and updates over the epochs, and each layer of a batch as a table."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from cnn_core.figures.picture import Picture
from cnn_core.runs.history import Run
from pages.train.builder.keys import Key
from pages.train.builder.training_curves import CURVES, curve

HEIGHT = 200
WORDS = (
    "A step moves all weights against their gradient. **Update / weights** is the length of the step over the length"
    " of the weights: 0.001 to 0.05 is usual, far more throws the weights about, far less hardly learns. A ReLU is"
    " dead where no image brings it above 0: no gradient reaches what stands before it."
)


def training_steps(run: Run, zoom: bool) -> list[Picture]:
    """The folded curves, side by side, and the layers of the last batch that was looked into; returns the curves."""
    if not any("gradient_norm" in batch for batch in run.batches):
        st.caption("The first batches will show it. A run of an older version did not write it down.")
        return []
    st.caption(WORDS)
    with st.container(horizontal=True, gap="small", key=Key.STEPS_CURVES):
        pictures = [curve(run, shown, zoom=zoom, height=HEIGHT) for shown in CURVES if shown.folded]
    frame, when = layer_table(run)
    if not frame.empty:
        st.caption(f"Each layer in {when}")
        st.dataframe(
            frame,
            hide_index=True,
            alt="Gradient norm, update over weights and share of dead ReLUs, by layer",
            column_config={
                "gradient norm": st.column_config.NumberColumn(format="%.2e"),
                "update / weights": st.column_config.NumberColumn(format="%.2e"),
                "dead": st.column_config.NumberColumn(format="percent"),
            },
        )
    return pictures


def layer_table(run: Run) -> tuple[pd.DataFrame, str]:
    """A row for each layer that has weights or is a ReLU, in order, and whose numbers these are.

    Gradients and updates are those of the last batch that told them, which may be in the midst of an epoch; dead ReLUs
    are counted at the end of each only.
    """
    last = run.epochs[-1] if run.epochs else None
    batch = next((one for one in reversed(run.batches) if "gradient_norms" in one), None)
    norms: Mapping[str, float]
    ratios: Mapping[str, float]
    norms, ratios, when = {}, {}, ""
    if last is not None:
        norms, ratios = last.get("gradient_norms", {}), last.get("update_ratios", {})
        when = f"the last batch of epoch {last['epoch'] + 1}"
    if batch is not None and (last is None or batch["epoch"] > last["epoch"]):
        norms, ratios = batch.get("gradient_norms", {}), batch.get("update_ratios", {})
        when = f"batch {batch['step']:,} of epoch {batch['epoch'] + 1}"
        if last is not None:
            when += f"; dead ReLUs after epoch {last['epoch'] + 1}"
    dead = {} if last is None else last.get("dead_relus", {})
    columns = {"gradient norm": norms, "update / weights": ratios, "dead": dead}
    known = {name for values in columns.values() for name in values}
    # Within a block a ReLU is named "residual1.relu1": it stands behind the block.
    order = {name: index for index, name in enumerate(run.architecture.names)}
    names = sorted(known, key=lambda name: (order.get(name.split(".")[0], len(order)), name))
    table = {"layer": names} | {
        title: [values.get(name) for name in names] for title, values in columns.items()
    }
    return pd.DataFrame(table), when
