"""What Home draws by itself: a pen's even way, which the shipped network reads as what it is meant for."""

import numpy as np
import pytest

from cnn_core import checkpoints
from cnn_core.data.drawing import preprocess_drawing
from cnn_core.data.strokes import PAPER, Stroke, ink_of, strokes_from
from cnn_core.inside import forward
from pages.start.home.demonstration import APART, curve, drawings


def read(strokes: tuple[Stroke, ...]) -> int:
    model = checkpoints.load("mnist-3conv").model
    image = preprocess_drawing(ink_of(strokes)).network_input
    return int(forward.probabilities(model, image[None, None])[0].argmax())


def test_a_curve_passes_its_points_at_an_even_pace() -> None:
    knots = [(40.0, 40.0), (80.0, 60.0), (100.0, 140.0), (60.0, 200.0)]
    points = curve(knots)
    np.testing.assert_allclose(points[[0, -1]], [knots[0], knots[-1]])
    for knot in knots:
        assert np.hypot(*(points - knot).T).min() < APART / 2 + 0.1
    steps = np.hypot(*np.diff(points, axis=0).T)
    assert 0.9 * APART < steps.min() <= steps.max() < 1.1 * APART


def test_a_line_stays_a_line() -> None:
    points = curve([(0.0, 0.0), (30.0, 40.0)])
    np.testing.assert_allclose(points[:, 1] * 3, points[:, 0] * 4, atol=1e-9)
    assert len(points) == 50 / APART + 1


def test_a_pad_could_have_told_them() -> None:
    for drawing in drawings():
        assert strokes_from([stroke.as_json() for stroke in drawing]) == drawing
        points = np.concatenate([stroke.points for stroke in drawing])
        assert 0 < points.min() < points.max() < PAPER
        np.testing.assert_array_equal(points * 8, np.round(points * 8))


@pytest.mark.parametrize(("number", "digits"), [(0, (3, 3, 8)), (1, (6, 4)), (2, (9,)), (3, (5, 5))])
def test_after_each_stroke_the_network_reads_this(number: int, digits: tuple[int, ...]) -> None:
    drawing = drawings()[number]
    assert tuple(read(drawing[: count + 1]) for count in range(len(drawing))) == digits
