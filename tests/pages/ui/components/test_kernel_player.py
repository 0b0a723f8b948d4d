from dataclasses import replace

import numpy as np
import pytest

from pages.ui.components.kernel_player.scene import Scene, check, packed
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
    channel_sums=RNG.normal(size=(3, 2, 5)).astype(np.float32),
    unread=np.eye(4, 5, dtype=bool),
    channels=("red", "green", "blue"),
    pixel_limits=None,
)


def test_a_message_carries_the_arrays_bit_for_bit():
    message = unpack(packed(SCENE, "A ⌊label⌋", (1, 2), None, False, 300))
    for name, array in (
        ("padded", SCENE.padded),
        ("output", SCENE.output),
        ("weight", SCENE.weight),
        ("sums", SCENE.channel_sums),
        ("unread", SCENE.unread),
    ):
        np.testing.assert_array_equal(message[name], array.ravel())
    assert message["label"] == "A ⌊label⌋"
    assert message["cell"] == [1, 2]
    assert message["shape"]["stride"] == [3, 1]
    assert "winners" not in message


def test_the_digest_tells_whether_anything_changed():
    same = [unpack(packed(SCENE, "a", None, None, False, 300))["digest"] for _ in range(2)]
    other = replace(SCENE, output=SCENE.output + 1)
    assert same[0] == same[1] != unpack(packed(other, "a", None, None, False, 300))["digest"]


def test_scales_are_symmetric_and_ignore_what_is_not_finite():
    padded = SCENE.padded.copy()
    padded[0, 0, 0] = -np.inf
    scales = unpack(packed(replace(SCENE, padded=padded), "a", None, None, False, 300))["scales"]
    limit = float(np.abs(padded[np.isfinite(padded)]).max())
    assert scales["input"] == {"kind": "signed", "limits": [-limit, limit]}
    positive = replace(SCENE, output=np.abs(SCENE.output))
    scales = unpack(packed(positive, "a", None, None, False, 300))["scales"]
    assert scales["output"]["limits"][0] == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"padded": SCENE.padded[:, :5]}, r"padded is of shape .*; allowed is \[.*\] or larger"),
        ({"weight": None}, r"weight is None; allowed is the shape \(3, 3, 3\)"),
        ({"channels": ("gray",)}, "allowed is a name for each of 3"),
        ({"channel_sums": None}, "channel_sums is None; allowed is an array"),
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
    assert unpack(packed(scene, "", None, None, False, 300))["start"] == [1, 2]
    assert replace(scene, image_size=(1, 1), offset=(0, 0)).start == (0, 0)  # none reads pixels only: of all
