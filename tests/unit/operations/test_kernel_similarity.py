"""Likeness of kernels: every named one finds itself; cosines, spectra and orders by hand."""

import numpy as np
import pytest

from cnn_core.operations.kernel_similarity import (
    chain,
    cosine_similarity,
    frequencies,
    frequency_response,
    named_likenesses,
    nearest_named,
)
from cnn_core.operations.kernels import KERNELS, make

NAMED = [
    (name, size)
    for name, family in KERNELS.items()
    for size in [(2, 2), (3, 3), (5, 5), (7, 7), (3, 5)]
    if name != "random" and not family.problem(size)
]


@pytest.mark.parametrize(("name", "size"), NAMED)
def test_every_named_kernel_finds_itself_at_any_size_of_weights_and_either_sign(name, size):
    kernel = make(name, size, angle=45)
    for factor in (3.0, -0.1):
        found = {one.name: one for one in named_likenesses(factor * kernel)}[name]
        assert found.similarity == pytest.approx(np.sign(factor), abs=1e-6)
        assert abs(nearest_named(factor * kernel).similarity) == pytest.approx(1, abs=1e-6)
    assert nearest_named(make("gabor", 5, angle=45)).angle == 45


def test_cosines_by_hand():
    assert cosine_similarity([[3, 4]], [[4, 3]]) == pytest.approx(24 / 25)
    assert cosine_similarity([[1, 0]], [[0, 2]]) == 0
    assert cosine_similarity([[0, 0]], [[1, 2]]) == 0
    with pytest.raises(ValueError, match=r"b is of shape \(1, 2\); allowed is a's shape \(2, 1\)"):
        cosine_similarity([[1], [2]], [[1, 2]])


def test_a_noisy_edge_is_most_like_the_edge():
    sobel = make("sobel-x", 3)
    noisy = sobel + np.random.default_rng(0).normal(0, 0.3, (3, 3))
    first, second = named_likenesses(-noisy)[:2]
    assert {first.name, second.name} <= {"sobel-x", "scharr-x"}
    assert first.similarity < -0.95
    assert first.title in ("Sobel x", "Scharr x")


def test_what_is_like_nothing_has_no_name():
    assert nearest_named(np.zeros((3, 3))) is None
    assert nearest_named([[2.0]]) is None
    with pytest.raises(ValueError, match=r"kernel is of shape \(9, 9\)"):
        nearest_named(np.ones((9, 9)))


def test_a_response_is_that_to_waves_convolved():
    """Each frequency's magnitude is the largest answer of the kernel to a wave of it, of height 1."""
    kernel = np.random.default_rng(1).normal(size=(3, 4))
    response, waves = frequency_response(kernel, 16), frequencies(16)
    rows, columns = np.arange(3)[:, None], np.arange(4)
    for i, j in [(8, 8), (8, 11), (3, 8), (0, 0), (5, 13)]:
        wave = np.exp(2j * np.pi * (waves[i] * rows + waves[j] * columns))
        assert response[i, j] == pytest.approx(abs((kernel * wave).sum()), rel=1e-12)
    assert (waves[8], waves[9], waves[0]) == (0, 1 / 16, -0.5)


def test_a_blur_passes_the_slow_and_an_edge_detector_stops_the_flat():
    blur, edge = frequency_response(make("box-blur", 3), 32), frequency_response(make("sobel-x", 3), 32)
    assert blur.argmax() == 16 * 32 + 16
    assert blur[16, 16] == pytest.approx(1, abs=1e-6)
    assert edge[:, 16] == pytest.approx(np.zeros(32), abs=1e-12)
    assert edge[16, 24] == pytest.approx(8)  # a wave of four pixels across
    with pytest.raises(ValueError, match=r"kernel is of shape \(5, 5\); allowed is \(4 at most, 4 at most\)"):
        frequency_response(np.ones((5, 5)), 4)
    with pytest.raises(ValueError, match="size is 1"):
        frequency_response(np.ones((1, 1)), 1)


def test_a_chain_goes_to_the_most_like_that_is_left():
    angles = np.deg2rad([0, 90, 10, 80, 45])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1) * np.array([[1], [2], [3], [4], [5]])
    assert chain(vectors) == [0, 2, 4, 3, 1]
    assert chain(vectors, 1) == [1, 3, 4, 2, 0]
    assert chain([[0, 0], [1, 1], [1, 1]]) == [0, 1, 2]
    with pytest.raises(ValueError, match="start is 5"):
        chain(vectors, 5)
