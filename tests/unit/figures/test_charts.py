"""Charts for print: what they draw is what the table says, in the colours that were asked for."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from cnn_core import pictures
from cnn_core.figures import charts

WORDS = {"title": "A title", "source": "mnist-3conv on MNIST"}
BLUE, ORANGE = pictures.css(pictures.POSITIVE), pictures.css(pictures.VALIDATION)
CURVES = pd.DataFrame(
    {
        "epoch": [0.5, 1.0, 1.5, 1.0, 2.0],
        "loss": [2.3, 0.9, 0.5, 1.0, 0.6],
        "series": ["training"] * 3 + ["validation"] * 2,
    }
)


def curves(**more):
    return charts.lines(CURVES, "epoch", "loss", x_title="epoch", y_title="loss", **WORDS, **more).axes[0]


def test_lines_are_the_tables_rows_by_series_in_its_colour():
    axes = curves(series="series", colours={"training": BLUE, "validation": ORANGE}, marked=["validation"])
    drawn = {line.get_label(): line for line in axes.lines}
    assert drawn.keys() == {"training", "validation"}
    for name, line in drawn.items():
        own = CURVES[CURVES.series == name]
        np.testing.assert_array_equal(line.get_xydata(), own[["epoch", "loss"]])
    assert (drawn["training"].get_color(), drawn["training"].get_marker()) == (BLUE, "")
    assert (drawn["validation"].get_color(), drawn["validation"].get_marker()) == (ORANGE, "o")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "loss")


def test_a_mark_stands_where_it_is_asked_for_and_limits_are_kept():
    axes = curves(at={"x": 1.25, "y": 0.5}, limits={"x": (0.0, 3.0), "y": (0.0, 4.0)})
    across, along = axes.lines[-2:]
    assert (across.get_xdata()[0], along.get_ydata()[0]) == (1.25, 0.5)
    assert (axes.get_xlim(), axes.get_ylim()) == ((0.0, 3.0), (0.0, 4.0))


def test_seeds_are_thin_lines_and_their_mean_a_thick_one():
    table = pd.DataFrame({"epoch": [1, 2] * 2, "v": [1.0, 2.0, 3.0, 4.0], "seed": ["0", "0", "mean", "mean"]})
    axes = charts.lines(table, "epoch", "v", x_title="", y_title="", detail="seed", **WORDS).axes[0]
    assert [line.get_ydata().tolist() for line in axes.lines] == [[1.0, 2.0], [3.0, 4.0]]
    thin, thick = (line.get_linewidth() for line in axes.lines)
    assert thin < thick


def test_the_histogram_behind_the_lines_has_an_axis_of_its_own():
    behind = pd.DataFrame({"left": [-1.0, 0.0], "right": [0.0, 1.0], "share": [0.25, 0.75]})
    figure = charts.lines(CURVES, "epoch", "loss", x_title="", y_title="", behind=behind, **WORDS)
    _, shares = figure.axes
    assert [patch.get_height() for patch in shares.patches] == [0.25, 0.75]


@pytest.mark.parametrize("upright", [False, True])
def test_bars_are_the_values_with_their_words_and_the_true_class_framed(upright):
    table = pd.DataFrame({"class": ["cat", "dog"], "logit": [2.0, -1.0]})
    figure = charts.bars(
        table,
        "class",
        "logit",
        value_title="logit",
        colours=["#0072b2", "#d55e00"],
        framed_at=1,
        texts=["two", "minus one"],
        upright=upright,
        **WORDS,
    )
    axes = figure.axes[0]
    sizes = [bar.get_height() if upright else bar.get_width() for bar in axes.patches]
    assert sizes == [2.0, -1.0]
    assert [to_hex(bar.get_facecolor()) for bar in axes.patches] == ["#0072b2", "#d55e00"]
    assert [bar.get_linewidth() for bar in axes.patches][1] == 3
    ticks = axes.get_xticklabels() if upright else axes.get_yticklabels()
    assert [tick.get_text() for tick in ticks] == ["cat", "dog"]
    assert {"two", "minus one"} <= {text.get_text() for text in axes.texts}


def test_a_histogram_is_vermilion_below_zero_and_blue_above():
    table = pd.DataFrame({"from": [-1.0, 0.0], "to": [0.0, 1.0], "height": [3, 7]})
    axes = charts.histogram(table, value_title="weight", height_title="how many", at=0.2, **WORDS).axes[0]
    assert [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in axes.patches] == [
        (-1.0, 1.0, 3),
        (0.0, 1.0, 7),
    ]
    colours = [to_hex(bar.get_facecolor()) for bar in axes.patches]
    assert colours == [pictures.css(pictures.NEGATIVE), pictures.css(pictures.POSITIVE)]
    assert axes.lines[0].get_xdata()[0] == 0.2


def test_ticks_stand_in_their_class_s_line_and_marks_stand_out():
    table = pd.DataFrame({"class": ["cat", "dog", "cat"], "p": [0.1, 0.9, 0.2]})
    marks = pd.DataFrame({"class": ["dog"], "p": [0.8], "what": ["this mask"]})
    figure = charts.ticks(
        table,
        "class",
        "p",
        value_title="probability",
        marks=marks,
        mark="what",
        colours={"this mask": "#cc79a7"},
        **WORDS,
    )
    ticks, mark = figure.axes[0].lines
    assert ticks.get_xydata().tolist() == [[0.1, 0], [0.9, 1], [0.2, 0]]
    assert mark.get_xydata().tolist() == [[0.8, 1]]
    assert mark.get_color() == "#cc79a7"
