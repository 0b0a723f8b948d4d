"""Maps, images and matrices for print: the numbers in them, and the scale beside them."""

import numpy as np
import pytest

from cnn_core.figures import maps

WORDS = {"title": "A title", "source": "mnist-3conv on MNIST"}
VALUES = np.arange(-6, 6, dtype=np.float32).reshape(3, 2, 2)


def shown(figure):
    """The numbers drawn, what is no number as NaN."""
    return figure.axes[0].images[0].get_array().filled(np.nan)


def test_tiles_hold_the_maps_with_room_between_them():
    figure = maps.maps(VALUES, names=["a", "b", "c"], limits=(-6, 6), scope="this layer", **WORDS)
    mosaic = shown(figure)
    columns = (mosaic.shape[1] + 1) // 3
    for tile, values in enumerate(VALUES):
        row, column = divmod(tile, columns)
        np.testing.assert_array_equal(mosaic[row * 3 : row * 3 + 2, column * 3 : column * 3 + 2], values)
    assert np.isfinite(mosaic).sum() == VALUES.size
    assert {text.get_text() for text in figure.axes[0].texts} >= {"a", "b", "c", "−6", "5"}


@pytest.mark.parametrize(
    ("scale", "limit", "ends", "middle"),
    [
        ("signed", 3.0, (-3.0, 3.0), (1.0, 1.0, 1.0)),
        ("positive", 3.0, (0.0, 3.0), None),
        ("pixels", 1.0, (0.0, 1.0), None),
    ],
)
def test_the_scale_is_beside_it_with_its_limits_and_what_it_belongs_to(scale, limit, ends, middle):
    assert maps.limits_of(scale, limit) == ends
    figure = maps.maps(VALUES[:1], names=["a"], scale=scale, limits=ends, scope="this map", **WORDS)
    axes, bar = figure.axes
    assert axes.images[0].get_clim() == ends
    assert bar.get_ylabel() == "this map"
    texts = {label.get_text() for label in bar.get_yticklabels()}
    assert texts == {f"{end:.3g}".replace("-", "−") for end in {*ends, 0.0}}
    if middle is not None:
        np.testing.assert_allclose(axes.images[0].cmap(0.5)[:3], middle, atol=0.005)


def test_a_table_of_tiles_names_its_rows_and_columns():
    figure = maps.maps(
        np.zeros((6, 2, 2)),
        names=["channel 0", "channel 1"],
        column_names=["filter 0", "filter 1", "filter 2"],
        limits=(-1, 1),
        scope="",
        **WORDS,
    )
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["channel 0", "channel 1"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["filter 0", "filter 1", "filter 2"]
    assert shown(figure).shape == (5, 8)


def test_the_tiles_of_a_group_stay_in_one_row():
    figure = maps.maps(np.ones((12, 3, 3)), names=["x"] * 12, group=3, limits=(0, 1), scope="", **WORDS)
    assert (shown(figure).shape[1] + 1) // 4 % 3 == 0


def test_what_is_no_number_stays_white():
    padded = np.array([[[-np.inf, 1.0], [np.nan, 0.5]]])
    mosaic = shown(maps.maps(padded, names=["a"], limits=(0, 1), scale="pixels", scope="", **WORDS))
    np.testing.assert_array_equal(np.isnan(mosaic), [[True, False], [True, False]])


def test_images_have_their_words_beneath():
    pixels = np.linspace(0, 1, 2 * 3 * 4 * 4).reshape(2, 3, 4, 4)
    figure = maps.images(pixels, ["a cat", "a dog"], **WORDS)
    assert [axes.get_xlabel() for axes in figure.axes] == ["a cat", "a dog"]
    np.testing.assert_array_equal(
        figure.axes[1].images[0].get_array(), np.rint(pixels[1] * 255).transpose(1, 2, 0).astype(np.uint8)
    )


def test_a_matrix_has_its_numbers_on_its_colours():
    fills = np.zeros((2, 2, 4))
    fills[..., 3] = [[1, 0], [0.5, 1]]
    texts = [["8", "2"], ["", "5"]]
    figure = maps.matrix(texts, fills, ["cat", "dog"], scale="green: right", **WORDS)
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts] == ["8", "2", "", "5"]
    np.testing.assert_array_equal(axes.images[0].get_array(), fills)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Predicted class", "True class")
