"""How a run's steps are: rate, gradients and updates over the epochs, and each layer of the last one as a table."""

import pandas as pd
import streamlit as st

from cnn_core.runs.history import Run
from pages.train.builder.keys import Key
from pages.train.builder.training_curves import CURVES, curve

HEIGHT = 200
WORDS = (
    "A step moves all weights against their gradient. **Update / weights** is the length of the step over the length"
    " of the weights: about 0.001 goes well, near 1 throws the weights about, far below 0.0001 hardly learns. A ReLU is"
    " dead where no image brings it above 0: no gradient reaches what stands before it."
)


def training_steps(run: Run, zoom: bool) -> None:
    """The folded curves, side by side, and the layers of the last epoch; a sentence where a run has none of it."""
    if not any("gradient_norm" in batch for batch in run.batches):
        st.caption("The first batches will show it. A run of an older version did not write it down.")
        return
    st.caption(WORDS)
    with st.container(horizontal=True, gap="small", key=Key.STEPS_CURVES):
        for shown in CURVES:
            if shown.folded:
                curve(run, shown, zoom=zoom, height=HEIGHT)
    frame = layer_table(run)
    if not frame.empty:
        st.caption(f"Each layer in the last batch of epoch {run.epochs[-1]['epoch'] + 1}")
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


def layer_table(run: Run) -> pd.DataFrame:
    """A row for each layer that has weights or is a ReLU, in order, with what the last epoch's event tells of it."""
    last = run.epochs[-1] if run.epochs else None
    if last is None:
        return pd.DataFrame()
    columns = {
        "gradient norm": last.get("gradient_norms", {}),
        "update / weights": last.get("update_ratios", {}),
        "dead": last.get("dead_relus", {}),
    }
    known = {name for values in columns.values() for name in values}
    # Within a block a ReLU is named "residual1.relu1": it stands behind the block.
    order = {name: index for index, name in enumerate(run.architecture.names)}
    names = sorted(known, key=lambda name: (order.get(name.split(".")[0], len(order)), name))
    return pd.DataFrame(
        {"layer": names, **{title: [values.get(name) for name in names] for title, values in columns.items()}}
    )
