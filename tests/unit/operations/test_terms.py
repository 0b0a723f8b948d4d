"""The terms of single cells, by hand."""

import numpy as np
import pytest

from cnn_core.operations import terms

X = np.arange(18, dtype=np.float32).reshape(2, 3, 3)


def test_a_convolutions_terms_go_channel_by_channel_row_by_row_and_say_where_they_met_padding():
    weight = np.array([[[[1, 2], [3, 4]], [[-1, 0], [0, 0.5]]]], np.float32)
    found = terms.convolution(X, weight, np.array([0.25], np.float32), (0, 0, 1), stride=1, padding=1)
    assert found.cells.tolist() == [
        *([0, -1, 0], [0, -1, 1], [0, 0, 0], [0, 0, 1]),
        *([1, -1, 0], [1, -1, 1], [1, 0, 0], [1, 0, 1]),
    ]
    assert found.inputs.tolist() == [0, 0, 0, 1, 0, 0, 9, 10]
    assert found.weights.tolist() == [1, 2, 3, 4, -1, 0, 0, 0.5]
    assert found.terms.tolist() == [0, 0, 0, 4, 0, 0, 0, 5]
    assert found.value == 9.25
    assert found.inside.tolist() == [False, False, True, True] * 2
    assert found.largest().tolist() == [7, 3, 2, 6]
    assert found.cell(7) == (1, 0, 1)


def test_a_maximum_has_one_winner_the_first_of_equal_ones():
    x = np.array([[[-3, -1], [-1, -2]]], np.float32)
    found = terms.max_pooling(x, (0, 0, 0), 2, 2, 0)
    assert found.weights.tolist() == [0, 1, 0, 0]
    assert (found.operation, found.value) == ("maximum", -1)
    assert found.largest()[0] == 1
    at_the_edge = terms.max_pooling(x, (0, 0, 0), 2, 2, 1)
    assert at_the_edge.cells.tolist() == [[0, 0, 0]]
    assert at_the_edge.value == -3


def test_means_count_padding_zeros_and_whole_maps():
    found = terms.average_pooling(X, (1, 0, 0), 2, 2, 1)
    assert found.inputs.tolist() == [0, 0, 0, 9]
    assert (found.value, found.numbers) == (2.25, {"count": 4})
    whole = terms.global_average(X, (1, 0, 0))
    assert whole.value == pytest.approx(13, abs=1e-12)
    assert len(whole) == 9


def test_batch_norm_is_one_weight_and_one_shift():
    found = terms.normalization(X, (1, 2, 2), mean=5.0, variance=3.0, gamma=2.0, beta=-1.0, epsilon=1.0)
    assert found.weights.tolist() == [1.0]  # 2 / √4
    assert found.bias == -6.0  # −1 − 5 · 1
    assert found.value == 11.0  # (17 − 5) · 1 − 1
    assert found.numbers["variance"] == 3


def test_softmax_is_over_the_channels_at_one_place():
    found = terms.softmax(np.array([0, np.log(3), 0], np.float32), (1,))
    assert found.value == pytest.approx(3 / 5, abs=1e-7)
    np.testing.assert_allclose(found.terms, [1 / 3, 1, 1 / 3], rtol=1e-7)
    assert found.largest()[0] == 1
    of_maps = terms.softmax(X, (0, 2, 1))
    assert of_maps.cells.tolist() == [[0, 2, 1], [1, 2, 1]]
    assert of_maps.value == pytest.approx(1 / (1 + np.exp(9)), rel=1e-12)
    assert of_maps.largest().tolist() == [0, 1]


def test_a_sum_of_two_streams_says_which_each_term_is_of():
    found = terms.sum_of((X, -2 * X), (1, 0, 1))
    assert (found.value, found.source.tolist()) == (-10, [0, 1])
    assert found.cells.tolist() == [[1, 0, 1]] * 2


def test_a_function_and_a_copy_have_one_term():
    squared = terms.function(X, (0, 1, 1), np.square)
    assert (squared.value, squared.weights, len(squared)) == (16, None, 1)
    assert terms.copy(X, (1, 1, 1)).value == 13


def test_what_is_printed_adds_up_in_the_digits_shown():
    thirds = terms.mean(np.full(3, 1 / 3), np.zeros((3, 3), np.int64), 3)
    shown = thirds.printed(1)
    assert [str(term) for term in shown.products] == ["0.1", "0.1", "0.1"]
    assert (str(shown.rounding), str(shown.value)) == ("0.0", "0.3")
    finer = terms.mean(np.full(3, 0.5), np.zeros((3, 3), np.int64), 3).printed(1)
    assert sum(finer.products, finer.bias) + finer.rounding == finer.value
    assert str(finer.rounding) == "-0.1"
    assert terms.softmax(X, (0, 0, 0)).printed() is None
