import numpy as np
import pytest

from cnn_core.operations import kernels

ALL_SIZES = [(rows, columns) for rows in range(1, 8) for columns in range(1, 8)]


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("box-blur", np.full((3, 3), 1 / 9)),
        ("gaussian-blur", np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        ("sobel-x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ("sobel-y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("scharr-x", [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]]),
        ("scharr-y", [[-3, -10, -3], [0, 0, 0], [3, 10, 3]]),
        ("laplacian", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        ("emboss", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
    ],
)
def test_three_by_three_is_the_textbooks(name, weights):
    np.testing.assert_allclose(kernels.make(name), weights, atol=1e-6)


@pytest.mark.parametrize("name", list(kernels.KERNELS))
def test_every_size_is_made_or_refused_with_a_reason(name):
    for size in ALL_SIZES:
        if kernels.KERNELS[name].problem(size):
            with pytest.raises(ValueError, match=kernels.KERNELS[name].title):
                kernels.make(name, size)
        else:
            kernel = kernels.make(name, size, angle=30, seed=3)
            assert kernel.shape == size
            assert kernel.dtype == np.float32
            assert np.isfinite(kernel).all()
            assert np.abs(kernel).sum() > 0


@pytest.mark.parametrize("name", ["identity", "box-blur", "gaussian-blur", "sharpen", "emboss"])
@pytest.mark.parametrize("size", [(3, 3), (4, 5), (7, 7)])
def test_a_flat_area_keeps_its_brightness(name, size):
    assert kernels.make(name, size).sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("name", ["sobel-x", "sobel-y", "laplacian", "gabor"])
@pytest.mark.parametrize("size", [(3, 3), (4, 5), (7, 7)])
def test_a_flat_area_gives_nothing(name, size):
    assert kernels.make(name, size, angle=40).sum() == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("size", [(3, 3), (5, 5), (7, 7), (3, 7)])
def test_sobel_keeps_its_scale_at_every_size(size):
    assert np.abs(kernels.make("sobel-x", size)).sum() == pytest.approx(8, abs=1e-4)


def test_sobel_y_is_sobel_x_turned():
    np.testing.assert_allclose(kernels.make("sobel-y", 5), kernels.make("sobel-x", 5).T)


def test_gabor_answers_to_stripes_of_its_angle():
    vertical = np.tile([1.0, 0, 0, 0, 1.0, 0, 0], (7, 1))
    horizontal = vertical.T
    kernel = kernels.make("gabor", 7, angle=0)
    turned = kernels.make("gabor", 7, angle=90)
    np.testing.assert_allclose(turned, kernel.T, atol=1e-6)
    assert abs((kernel * vertical).sum()) > 5 * abs((kernel * horizontal).sum())


def test_random_is_its_seed_and_within_pytorchs_bound():
    np.testing.assert_array_equal(kernels.make("random", 5, seed=7), kernels.make("random", 5, seed=7))
    assert not np.array_equal(kernels.make("random", 5, seed=7), kernels.make("random", 5, seed=8))
    assert np.abs(kernels.make("random", 5, seed=7)).max() <= 1 / 5


def test_normalize_divides_by_the_sum_or_the_absolute_sum():
    np.testing.assert_allclose(kernels.normalize([[1, 3], [4, 2]]), [[0.1, 0.3], [0.4, 0.2]], atol=1e-7)
    assert np.abs(kernels.normalize(kernels.make("sobel-x"))).sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="kernel is all zeros; allowed is one with a weight other than 0"):
        kernels.normalize(np.zeros((3, 3)))


def test_rotate_turns_clockwise():
    np.testing.assert_array_equal(kernels.rotate([[1, 2, 3], [4, 5, 6]]), [[4, 1], [5, 2], [6, 3]])
    four = kernels.rotate(kernels.make("emboss"), 4)
    np.testing.assert_array_equal(four, kernels.make("emboss"))


def test_flip_mirrors_and_both_is_a_half_turn():
    kernel = np.arange(6).reshape(2, 3)
    np.testing.assert_array_equal(kernels.flip(kernel, "rows"), [[3, 4, 5], [0, 1, 2]])
    np.testing.assert_array_equal(kernels.flip(kernel, "columns"), [[2, 1, 0], [5, 4, 3]])
    np.testing.assert_array_equal(kernels.flip(kernel), kernels.rotate(kernel, 2))
    with pytest.raises(ValueError, match="axis is 'x'; allowed is one of rows, columns, both"):
        kernels.flip(kernel, "x")


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match=r"name is .*; allowed is one of identity"):
        kernels.make("sobel")
    with pytest.raises(ValueError, match="size is 8×8; allowed is 1 to 7 rows and columns"):
        kernels.make("box-blur", 8)
    with pytest.raises(ValueError, match=r"size is .*; allowed is 1 to 7"):
        kernels.make("box-blur", (0, 3))
