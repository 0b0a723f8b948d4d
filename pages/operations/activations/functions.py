"""An activation function: its curve, its slope, and what it makes of a real feature map."""

from contextlib import nullcontext
from typing import NamedTuple

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

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


class Places(NamedTuple):
    """What `_laboratory` fills beside its own place: the row's first, and those of two of the pictures."""

    function: DeltaGenerator
    curve: DeltaGenerator
    after: DeltaGenerator


class Map(NamedTuple):
    """A feature map before the activation; `drawn` is its picture."""

    values: Floats
    title: str
    caption: str
    key: str
    drawn: Picture


def show(ref: ModelRef, checkpoint: Checkpoint) -> None:
    """The controls, the three pictures and the numbers of this part."""
    with control_row("act-bar", {}):
        function_at = st.container(width="content")
        picked = pick_for(checkpoint, Key.IMAGE)
        maps = {
            answer.name: answer.values
            for answer in layer_answers(ref, checkpoint, picked)
            if answer.are_answers_of_filters
        }
        if not maps:
            with function_at:
                _function()
            st.info("This network has no convolution, so it has no feature maps. Choose another one.")
            return
        with st.popover("Map", icon=":material/layers:"):
            layer = st.selectbox("Feature map of", list(maps), **in_link(Key.LAYER))
            index = st.number_input("Map", 0, len(maps[layer]) - 1, **in_link(Key.MAP))
        predict = predict_toggle(Key.PREDICT)
    values, title = maps[layer][index], f"{layer}, map {index}"
    question_at = st.container()
    curve_at, before_at, after_at = st.columns([1.4, 1, 1], gap="medium")
    with before_at:
        st.markdown(f"**Before** · {title}")
        limit = pictures.symmetric_limit(values)
        drawn = _map(values, "Before", f"Before: {title}", Key.BEFORE, limit)
    before = Map(values, title, picked.caption, f"{ref.key}-{layer}-{index}-{picked.digest}", drawn)
    _laboratory(ref, before, predict, question_at, Places(function_at, curve_at, after_at))
    if not predict:  # else it stands below the answer
        _all_functions(values)


def _function() -> Nonlinearity:
    """The one that is chosen."""
    titles = [entry.title for entry in NONLINEARITIES.values()]
    title = segments("Activation", titles, Key.FUNCTION, NONLINEARITIES["relu"].title, wrap=True)
    return next(entry for entry in NONLINEARITIES.values() if entry.title == title)


@st.fragment
def _laboratory(ref: ModelRef, map_: Map, predict: bool, question_at: DeltaGenerator, places: Places) -> None:
    with places.function:
        chosen = _function()
    before = map_.values
    effect = effects.effect(before, chosen)
    question = Question(
        f"{Key.GUESS}-{chosen.name}-{map_.key}",
        f"How much of this map will be exactly 0 after {chosen.title}?",
        share_bands(effect.statistics.zero_share),
        f"{percent(effect.statistics.zero_share)} of the cells are 0 now;"
        f" {percent(effects.statistics(before).negative_share)} were negative.",
    )
    with question_at if predict else nullcontext():
        shown = predict_first(predict, question)
    limit = pictures.symmetric_limit(before)
    with places.curve:
        st.markdown(f"**{chosen.title}** and its slope")
        curve = charts.curve(chosen, before, max(limit, 2.0), key=Key.CURVE, height=PICTURE + 40)
    with places.after:
        st.markdown(f"**After** {chosen.title}")
        if not shown:
            return
        after = _map(
            effect.output,
            "After",
            f"After {chosen.title}: {map_.title}",
            Key.AFTER,
            limit,
            never_negative=chosen.never_negative,
        )
    _numbers(chosen, before, effect)
    sampled = effects.sample_curve(chosen, max(limit, 2.0), points=17)
    line = pd.DataFrame({"x": sampled.x, "f(x)": sampled.y, "slope": sampled.slope})
    twin(
        "The three pictures as tables",
        {
            "Curve and slope": line,
            f"Before, {map_.title}": before,
            f"After {chosen.title}": effect.output,
        },
        [curve, map_.drawn, after],
        f"{made_by(ref)} · {map_.caption}",
    )
    if predict:
        _all_functions(before)


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
    """The formula with one cell's numbers in it, and what its slope means."""
    row, col = effects.most_negative_cell(before)
    x, y = float(before[row, col]), float(effect.output[row, col])
    negative = pictures.css(pictures.ends(st.context.theme.type == "dark")[1])
    st.markdown(  # one line, and on a phone two
        rf"$\displaystyle {{f(x) = {chosen.formula}}}$ &emsp;&emsp;&emsp; "
        rf"$\displaystyle {{f(\textcolor{{{negative}}}{{{x:.4f}}}) = {y:.4f}}}$",
        text_alignment="center",
    )
    st.caption(f"The numbers are those of the map's most negative cell: row {row}, column {col}.")
    st.markdown(
        f"A gradient on its way back is multiplied by the slope in every layer. At this map's steepest cell"
        f" {chosen.title} lets {effect.largest_slope:.2f} of it through; after {effects.DEPTH} such layers"
        f" {effect.left_after_depth:.2g} is left. **Choose sigmoid.** Its slope is 0.25 at most: why do deep"
        " networks no longer use it between layers? **Then compare ReLU and leaky ReLU:** where does a cell"
        " below 0 still learn?"
    )


def _all_functions(before: Floats) -> None:
    """What each of them makes of this map, as a table."""
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
