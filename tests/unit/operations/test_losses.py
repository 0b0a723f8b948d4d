"""Softmax and cross-entropy against PyTorch, and the properties that make softmax applied twice a mistake."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch.nn import functional

from cnn_core.operations import losses

LOGITS = st.integers(2, 10).flatmap(lambda k: arrays(np.float64, k, elements=st.floats(-30, 30)))


@given(LOGITS, st.floats(0.05, 20))
def test_softmax_equals_torch_at_any_temperature(z: np.ndarray, temperature: float) -> None:
    expected = functional.softmax(torch.from_numpy(z) / temperature, dim=-1)
    np.testing.assert_allclose(losses.softmax(z, temperature), expected, rtol=1e-9, atol=1e-12)


@given(LOGITS, st.floats(-100, 100))
def test_adding_one_number_to_every_logit_changes_nothing(z: np.ndarray, constant: float) -> None:
    np.testing.assert_allclose(losses.softmax(z + constant), losses.softmax(z), atol=1e-10)


def test_softmax_of_large_logits_is_finite_and_of_a_batch_is_by_row() -> None:
    np.testing.assert_allclose(losses.softmax([[1000.0, 0.0], [0.0, 0.0]]), [[1, 0], [0.5, 0.5]])


@given(LOGITS, st.integers(0, 9))
def test_cross_entropy_of_an_index_and_of_one_hot_are_equal_and_torchs(z: np.ndarray, target: int) -> None:
    target %= len(z)
    leaf = torch.from_numpy(z.copy()).requires_grad_()
    expected = functional.cross_entropy(leaf[None], torch.tensor([target]))
    expected.backward()
    by_index = losses.cross_entropy(z, target)
    assert by_index == pytest.approx(expected.item(), abs=1e-9)
    assert losses.cross_entropy(z, losses.one_hot(target, len(z))) == pytest.approx(by_index, abs=1e-12)
    np.testing.assert_allclose(losses.cross_entropy_gradient(z, target), leaf.grad, atol=1e-9)


@given(LOGITS, st.integers(0, 9))
def test_softmax_twice_equals_autograd_and_stays_above_its_floor(z: np.ndarray, target: int) -> None:
    target %= len(z)
    leaf = torch.from_numpy(z.copy()).requires_grad_()
    expected = functional.cross_entropy(functional.softmax(leaf, dim=-1)[None], torch.tensor([target]))
    expected.backward()
    loss = losses.twice_softmax_loss(z, target)
    assert loss == pytest.approx(expected.item(), abs=1e-9)
    assert loss >= losses.twice_softmax_floor(len(z)) - 1e-12
    np.testing.assert_allclose(losses.twice_softmax_gradient(z, target), leaf.grad, atol=1e-9)


def test_sure_and_wrong_gets_almost_no_gradient_through_two_softmaxes() -> None:
    z = [10.0, 0.0, 0.0]
    assert np.abs(losses.cross_entropy_gradient(z, 1)).max() > 0.99
    assert np.abs(losses.twice_softmax_gradient(z, 1)).max() < 1e-3


def test_the_floor_with_ten_classes() -> None:
    assert losses.twice_softmax_floor(10) == pytest.approx(1.4611501717)
    sure_and_right = np.eye(10)[3] * 1000
    assert losses.twice_softmax_loss(sure_and_right, 3) == pytest.approx(1.4611501717)


def test_every_step_from_logits_to_loss() -> None:
    worked = losses.worked_softmax([np.log(6), np.log(3), 0.0], target=1)
    np.testing.assert_allclose(worked.exponentials, [1, 1 / 2, 1 / 6])
    np.testing.assert_allclose(worked.probabilities, [0.6, 0.3, 0.1])
    np.testing.assert_allclose(worked.terms, [0, -np.log(0.3), 0])
    assert worked.loss_by_index == pytest.approx(worked.loss_by_one_hot, abs=1e-15)
    assert losses.worked_softmax([2.0, 0.0], 0, 2.0).probabilities[0] == pytest.approx(np.e / (np.e + 1))


def test_the_comparison_of_once_and_twice() -> None:
    compared = losses.compare_twice([-24, 0, 24], 10)
    assert compared.once_loss[1] == pytest.approx(np.log(10))
    assert compared.twice_loss[1] == pytest.approx(np.log(10))
    assert compared.once_pull[0] == pytest.approx(1, abs=1e-3)
    assert abs(compared.twice_pull[0]) < 1e-4
    assert compared.once_loss[2] < 1e-3
    assert compared.twice_loss[2] == pytest.approx(losses.twice_softmax_floor(10), abs=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: losses.softmax([1.0, 2.0], 0), "temperature is 0"),
        (lambda: losses.softmax([1.0]), r"logits is of shape \(1,\)"),
        (lambda: losses.softmax([1.0, np.nan]), "NaN or infinity"),
        (lambda: losses.cross_entropy([1.0, 2.0], 2), "target is 2"),
        (lambda: losses.cross_entropy([1.0, 2.0], -1), "target is -1"),
        (lambda: losses.cross_entropy([1.0, 2.0], [0.5, 0.2]), "sum 0.7"),
        (lambda: losses.one_hot(3, 3), "allowed is 0 to 2 with 3 classes"),
        (lambda: losses.twice_softmax_floor(1), "classes is 1"),
    ],
)
def test_a_wrong_argument_is_named(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
