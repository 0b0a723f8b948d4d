"""An activation function: its curve, its slope, and what it makes of a real feature map."""

import pandas as pd
import streamlit as st

from cnn_core import pictures
from cnn_core.arrays import Floats
from cnn_core.checkpoints import Checkpoint
from cnn_core.figures.picture import Picture
from cnn_core.operations import activation_effects as effects
from cnn_core.operations.activation_functions import NONLINEARITIES, Nonlinearity
from pages.operations.activations import charts
from pages.operations.activations.keys import Key
from pages.ui.components.tiles import tiles
from pages.ui.controls import segments
from pages.ui.download import made_by
from pages.ui.layer_answers import layer_answers, pick_for
from pages.ui.link import in_link
from pages.ui.models import ModelRef
from pages.ui.predict import Question, predict_first, predict_toggle, share_bands
from pages.ui.twin import twin
from pages.ui.window.bar import control_row
from pages.ui.words import percent

PICTURE = 270  # px


def show(ref: ModelRef, checkpoint: Checkpoint) -> None:
    """The controls, the three pictures and the numbers of this part."""
    with control_row("act-bar", {}):
        title = segments(
            "Activation",
            [entry.title for entry in NONLINEARITIES.values()],
            Key.FUNCTION,
            NONLINEARITIES["relu"].title,
            wrap=True,
        )
        chosen = next(entry for entry in NONLINEARITIES.values() if entry.title == title)
        picked = pick_for(checkpoint, Key.IMAGE)
        maps = {
            answer.name: answer.values
            for answer in layer_answers(ref, checkpoint, picked)
            if answer.are_answers_of_filters
        }
        if not maps:
            st.info("This network has no convolution, so it has no feature maps. Choose another one.")
            return
        with st.popover("Map", icon=":material/layers:"):
            layer = st.selectbox("Feature map of", list(maps), **in_link(Key.LAYER))
            index = st.number_input("Map", 0, len(maps[layer]) - 1, **in_link(Key.MAP))
        predict = predict_toggle(Key.PREDICT)
    before = maps[layer][index]
    effect = effects.effect(before, chosen)
    question = Question(
        f"{Key.GUESS}-{chosen.name}-{ref.key}-{layer}-{index}-{picked.digest}",
        f"How much of this map will be exactly 0 after {chosen.title}?",
        share_bands(effect.statistics.zero_share),
        f"{percent(effect.statistics.zero_share)} of the cells are 0 now;"
        f" {percent(effects.statistics(before).negative_share)} were negative.",
    )
    shown = predict_first(predict, question)
    limit = pictures.symmetric_limit(before)
    curve_at, before_at, after_at = st.columns([1.4, 1, 1], gap="medium")
    with curve_at:
        st.markdown(f"**{chosen.title}** and its slope")
        title = f"{layer}, map {index}"
        drawn = [charts.curve(chosen, before, max(limit, 2.0), key=Key.CURVE, height=PICTURE + 40)]
    with before_at:
        st.markdown(f"**Before** · {layer}, map {index}")
        drawn.append(_map(before, "Before", f"Before: {title}", Key.BEFORE, limit))
    with after_at:
        st.markdown(f"**After** {chosen.title}")
        if shown:
            after = f"After {chosen.title}: {title}"
            drawn.append(
                _map(effect.output, "After", after, Key.AFTER, limit, never_negative=chosen.never_negative)
            )
    if shown:
        _numbers(chosen, before, effect)
        curve = effects.sample_curve(chosen, max(limit, 2.0), points=17)
        line = pd.DataFrame({"x": curve.x, "f(x)": curve.y, "slope": curve.slope})
        twin(
            "The three pictures as tables",
            {
                "Curve and slope": line,
                f"Before, {layer}, map {index}": before,
                f"After {chosen.title}": effect.output,
            },
            drawn,
            f"{made_by(ref)} · {picked.caption}",
        )


def _map(
    values: Floats, name: str, title: str, key: str, limit: float, *, never_negative: bool = False
) -> Picture:
    """The map before or after, on the scale of both."""
    return tiles(
        values[None],
        key=key,
        names=[name],
        title=title,
        scale="positive" if never_negative else "signed",
        limit=limit,
        scope="both maps",
        largest_cell=12,
        height=PICTURE,
        gap=2,
    )


def _numbers(chosen: Nonlinearity, before: Floats, effect: effects.Effect) -> None:
    """The formula with one cell's numbers in it, and all functions on this map as a table."""
    row, col = effects.most_negative_cell(before)
    x, y = float(before[row, col]), float(effect.output[row, col])
    names, numbers = st.columns(2)
    names.latex(f"f(x) = {chosen.formula}")
    negative = pictures.css(pictures.ends(st.context.theme.type == "dark")[1])
    numbers.latex(rf"f(\textcolor{{{negative}}}{{{x:.4f}}}) = {y:.4f}")
    st.caption(f"The numbers are those of the map's most negative cell: row {row}, column {col}.")
    unchanged = effects.statistics(before)
    rows = [("no activation", unchanged, 1.0, 1.0, 1.0)]
    for entry in NONLINEARITIES.values():
        made = effects.effect(before, entry)
        rows.append(
            (entry.title, made.statistics, made.mean_slope, made.largest_slope, made.left_after_depth)
        )
    table = pd.DataFrame(
        {
            "activation": [title for title, *_ in rows],
            "smallest": [numbers.minimum for _, numbers, *_ in rows],
            "mean": [numbers.mean for _, numbers, *_ in rows],
            "largest": [numbers.maximum for _, numbers, *_ in rows],
            "exactly 0": [numbers.zero_share for _, numbers, *_ in rows],
            "negative": [numbers.negative_share for _, numbers, *_ in rows],
            "mean slope": [mean for *_, mean, _, _ in rows],
            "largest slope": [largest for *_, largest, _ in rows],
            f"left after {effects.DEPTH} layers, at most": [f"{left:.2g}" for *_, left in rows],
        }
    )
    fourths = ("smallest", "mean", "largest", "mean slope", "largest slope")
    formats = {name: st.column_config.NumberColumn(format="%.4f") for name in fourths}
    formats |= {name: st.column_config.NumberColumn(format="percent") for name in ("exactly 0", "negative")}
    st.dataframe(table, hide_index=True, column_config=formats)
    st.markdown(
        f"A gradient on its way back is multiplied by the slope in every layer. At this map's steepest cell"
        f" {chosen.title} lets {effect.largest_slope:.2f} of it through; after {effects.DEPTH} such layers"
        f" {effect.left_after_depth:.2g} is left. **Choose sigmoid.** Its slope is 0.25 at most: why do deep"
        " networks no longer use it between layers? **Then compare ReLU and leaky ReLU:** where does a cell"
        " below 0 still learn?"
    )
