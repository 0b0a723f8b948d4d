from dataclasses import replace

import numpy as np
import pytest

from pages.ui.components.kernel_player.scene import Filter, Places, Scene, check, packed
from tests.support.component_message import unpack

RNG = np.random.default_rng(0)
SCENE = Scene(
    mode="conv",
    padded=RNG.normal(size=(3, 6, 7)).astype(np.float32),
    image_size=(4, 5),
    offset=(1, 1),
    output=RNG.normal(size=(2, 5)).astype(np.float32),
    kernel_size=(3, 3),
    stride=(3, 1),
    weight=RNG.normal(size=(3, 3, 3)).astype(np.float32),
    unread=np.eye(4, 5, dtype=bool),
    channels=("red", "green", "blue"),
    pixel_limits=None,
)


def test_a_message_carries_the_arrays_bit_for_bit():
    message = unpack(packed(SCENE, "A ⌊label⌋", (1, 2), None, False))
    for name, array in (
        ("padded", SCENE.padded),
        ("output", SCENE.output),
        ("weight", SCENE.weight),
        ("unread", SCENE.unread),
    ):
        np.testing.assert_array_equal(message[name], array.ravel())
    assert message["label"] == "A ⌊label⌋"
    assert message["cell"] == [1, 2]
    assert message["shape"]["stride"] == [3, 1]
    assert "winners" not in message


def test_the_digest_tells_whether_anything_changed():
    same = [unpack(packed(SCENE, "a", None, None, False))["digest"] for _ in range(2)]
    other = replace(SCENE, output=SCENE.output + 1)
    assert same[0] == same[1] != unpack(packed(other, "a", None, None, False))["digest"]


def test_scales_are_symmetric_and_ignore_what_is_not_finite():
    padded = SCENE.padded.copy()
    padded[0, 0, 0] = -np.inf
    scales = unpack(packed(replace(SCENE, padded=padded), "a", None, None, False))["scales"]
    limit = float(np.abs(padded[np.isfinite(padded)]).max())
    assert scales["input"] == {"kind": "signed", "limits": [-limit, limit]}
    positive = replace(SCENE, output=np.abs(SCENE.output))
    scales = unpack(packed(positive, "a", None, None, False))["scales"]
    assert scales["output"]["limits"][0] == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"padded": SCENE.padded[:, :5]}, r"padded is of shape .*; allowed is \[.*\] or larger"),
        ({"weight": None}, r"weight is None; allowed is the shape \(3, 3, 3\)"),
        ({"channels": ("gray",)}, "allowed is a name for each of 3"),
        ({"filters": [Filter(SCENE.weight, None, SCENE.output[:1])]}, r"filters is of shapes \[\(1, 5\)\]"),
        (
            {"filters": [Filter(SCENE.weight, None, SCENE.output)], "filter": 1},
            "filter is 1; allowed is one of 1",
        ),
        ({"mode": "avg"}, "divisors is None; allowed is an array"),
    ],
)
def test_arrays_that_do_not_fit_are_named(change, message):
    check(SCENE)
    with pytest.raises(ValueError, match=message):
        check(replace(SCENE, **change))


def test_the_player_starts_at_the_strongest_cell_that_reads_pixels_only():
    output = np.array([[9, 1, 2, 3, 0], [0, 4, -5, 1, 8]], np.float32)
    # Stride 1: row 0 begins in the padding above, and columns 0 and 4 reach into it at the sides.
    scene = replace(SCENE, stride=(1, 1), output=output, image_size=(4, 5))
    assert scene.start == (1, 2)
    assert unpack(packed(scene, "", None, None, False))["start"] == [1, 2]
    assert replace(scene, image_size=(1, 1), offset=(0, 0)).start == (0, 0)  # none reads pixels only: of all


def test_every_filter_travels_with_its_own_numbers():
    other = Filter(2 * SCENE.weight, 0.5, 3 * SCENE.output)
    scene = replace(
        SCENE, filters=[Filter(SCENE.weight, None, SCENE.output), other], filter=1, most_filters=4
    )
    message = unpack(packed(scene, "a", None, None, False))
    np.testing.assert_array_equal(message["output0"], SCENE.output.ravel())
    np.testing.assert_array_equal(message["weight1"], 2 * SCENE.weight.ravel())
    assert (message["filter"], message["mostFilters"]) == (1, 4)
    first, second = message["filters"]
    assert (first["bias"], second["bias"]) == (None, 0.5)
    assert second["scales"]["output"]["limits"][1] == pytest.approx(
        3 * first["scales"]["output"]["limits"][1]
    )


@pytest.mark.parametrize(
    ("cell", "after", "carried"),
    [
        ((20, 14), {"stride": (2, 2), "output_size": (14, 14)}, (10, 7)),
        ((20, 14), {"kernel_size": (5, 5), "offset": (2, 2)}, (20, 14)),  # "same" padding of each
        ((20, 14), {"kernel_size": (5, 5), "offset": (0, 0), "output_size": (24, 24)}, (18, 12)),
        (
            (27, 27),
            {"offset": (0, 0), "output_size": (26, 26)},
            (25, 25),
        ),  # nothing lies there any more: the nearest
        ((10, 20), {"image_size": (56, 56), "output_size": (56, 56)}, (21, 41)),
    ],
)
def test_a_cell_keeps_its_place_in_the_image(cell, after, carried):
    same = Places((28, 28), (1, 1), (3, 3), (1, 1), (1, 1), (28, 28))
    assert same.carried(cell, replace(same, **after)) == carried
    assert same.carried(cell, same) == cell


def test_a_window_of_zeros_is_blank_unless_all_are():
    scene = replace(SCENE, padded=np.zeros((3, 6, 7), np.float32))
    assert not scene.is_blank((0, 0))
    scene.padded[1, 3, 4] = 1  # read by the second row's windows from column 2 on
    assert [scene.is_blank((1, column)) for column in range(5)] == [True, True, False, False, False]
    assert scene.is_blank((0, 4))
