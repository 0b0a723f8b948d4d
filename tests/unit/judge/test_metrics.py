"""Scores against scikit-learn and against a matrix worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from cnn_core.judge import examples, metrics

BY_HAND = np.array([[8, 2, 0], [1, 3, 0], [0, 1, 0]])


def test_scores_worked_out_by_hand() -> None:
    scores = metrics.per_class(BY_HAND)
    np.testing.assert_allclose(scores.precision, [8 / 9, 3 / 6, 0])
    np.testing.assert_allclose(scores.recall, [8 / 10, 3 / 4, 0])
    np.testing.assert_allclose(scores.f1, [16 / 19, 6 / 10, 0])
    assert scores.support.tolist() == [10, 4, 1]
    assert metrics.accuracy(BY_HAND) == pytest.approx(11 / 15)
    assert metrics.macro_f1(BY_HAND) == pytest.approx((16 / 19 + 6 / 10) / 3)
    assert metrics.normalize_rows(BY_HAND)[1].tolist() == [0.25, 0.75, 0]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_scores_agree_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    true, predicted = np.array(pairs).T
    labels = range(4)
    cm = metrics.confusion_matrix(true, predicted, 4)
    np.testing.assert_array_equal(cm, reference.confusion_matrix(true, predicted, labels=labels))
    expected = reference.precision_recall_fscore_support(true, predicted, labels=labels, zero_division=0)
    scores = metrics.per_class(cm)
    for ours, theirs in zip((scores.precision, scores.recall, scores.f1, scores.support), expected):
        np.testing.assert_allclose(ours, theirs)
    assert metrics.accuracy(cm) == pytest.approx(reference.accuracy_score(true, predicted))
    assert metrics.macro_f1(cm) == pytest.approx(
        reference.f1_score(true, predicted, labels=labels, average="macro", zero_division=0)
    )


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 6), st.integers(0, 10_000))
def test_scores_of_a_matrix_with_empty_rows_and_columns_are_scikit_learns_to_the_last_bit(
    classes, seed
) -> None:
    rng = np.random.default_rng(seed)
    cm = rng.integers(0, 50, (classes, classes))
    cm[rng.random(classes) < 0.3] = 0
    cm[:, rng.random(classes) < 0.3] = 0
    cm[0, 1] += 1
    true, predicted = np.indices(cm.shape).reshape(2, -1)
    expected = reference.precision_recall_fscore_support(
        true, predicted, labels=range(classes), sample_weight=cm.ravel(), zero_division=0
    )
    scores = metrics.per_class(cm)
    for ours, theirs in zip((scores.precision, scores.recall, scores.f1, scores.support), expected):
        np.testing.assert_array_equal(ours, theirs)


def test_no_examples_at_all_score_zero() -> None:
    empty = metrics.confusion_matrix([], [], 3)
    assert (metrics.accuracy(empty), metrics.macro_f1(empty)) == (0.0, 0.0)
    assert not metrics.normalize_rows(empty).any()


def test_labels_that_do_not_fit_are_named() -> None:
    with pytest.raises(ValueError, match=r"y_pred is 0 to 3; allowed is classes 0 to 2"):
        metrics.confusion_matrix([0, 1], [0, 3], 3)
    with pytest.raises(ValueError, match="y_true is -1 to -1; allowed is classes 0 to 2"):
        metrics.confusion_matrix([-1], [0], 3)
    with pytest.raises(ValueError, match="allowed is \\(N,\\) for both"):
        metrics.confusion_matrix([0, 1], [0], 3)
    with pytest.raises(ValueError, match=r"cm is of shape \(1, 3\); allowed is a square \(K, K\)"):
        metrics.per_class([[1, 2, 3]])


def test_unsigned_labels_as_on_disk_do_not_overflow() -> None:
    true = np.full(300, 19, np.uint8)
    assert metrics.confusion_matrix(true, true, 20)[19, 19] == 300


def test_largest_confusions_leave_out_the_diagonal_and_empty_cells() -> None:
    assert metrics.largest_confusions(BY_HAND, 9) == [(0, 1, 2), (1, 0, 1), (2, 1, 1)]
    assert metrics.largest_confusions(BY_HAND, 1) == [(0, 1, 2)]


def test_the_worst_that_happens_to_a_class() -> None:
    assert metrics.largest_share_wrong(BY_HAND) == 1.0
    assert metrics.largest_share_wrong(BY_HAND[:2, :2]) == pytest.approx(0.25)
    assert metrics.weakest_and_strongest(BY_HAND) == (2, 0)
    assert metrics.weakest_and_strongest([[0, 0], [1, 3]]) == (1, 1)


def test_tables_hold_the_same_numbers() -> None:
    assert metrics.labelled(BY_HAND, "abc")["read as b"] == [2, 3, 1]
    assert metrics.table(BY_HAND, "abc")["support"] == [10, 4, 1]


PROBABILITIES = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.3, 0.7]])


LABELS = [1, 1, 1, 0]


def test_wrong_answers_by_how_sure_they_are() -> None:
    wrong = examples.select(LABELS, PROBABILITIES, answered="wrong", order="most sure")
    assert wrong.index.tolist() == [0, 3, 1]
    assert wrong.true.tolist() == [1, 0, 1]
    assert wrong.predicted.tolist() == [0, 1, 0]
    np.testing.assert_allclose(wrong.confidence, [0.9, 0.7, 0.6])
    assert len(wrong) == 3
    assert wrong.page(2, 2).index.tolist() == [1]
    assert examples.select(LABELS, PROBABILITIES, answered="wrong", order="least sure").index.tolist() == [
        1,
        3,
        0,
    ]
    assert examples.select(LABELS, PROBABILITIES, answered="right").index.tolist() == [2]


def test_examples_of_a_cell_of_a_class_and_of_an_answer_as_they_come() -> None:
    assert examples.select(LABELS, PROBABILITIES).index.tolist() == [0, 1, 2, 3]
    assert examples.select(LABELS, PROBABILITIES, 1, 0).index.tolist() == [0, 1]
    assert examples.select(LABELS, PROBABILITIES, 1, 1).index.tolist() == [2]
    assert len(examples.select(LABELS, PROBABILITIES, 0, 0)) == 0
    assert examples.select(LABELS, PROBABILITIES, true=1, answered="wrong").index.tolist() == [0, 1]
    assert examples.select(LABELS, PROBABILITIES, predicted=1, answered="wrong").index.tolist() == [3]
    with pytest.raises(ValueError, match="probabilities"):
        examples.select([1], PROBABILITIES)


def test_a_silenced_class_is_never_answered() -> None:
    rows = examples.without_answer([[0.5, 0.3, 0.2], [1.0, 0.0, 0.0]], silenced=0)
    np.testing.assert_allclose(rows, [[0, 0.6, 0.4], [0, 0.5, 0.5]])
