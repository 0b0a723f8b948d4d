"""The activation functions against PyTorch, and their slopes against autograd."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch.nn import functional

from cnn_core.operations.activation_functions import NONLINEARITIES, Nonlinearity, gelu, relu, sigmoid, silu

TORCH = {
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}
EVERY = pytest.mark.parametrize("entry", NONLINEARITIES.values(), ids=NONLINEARITIES)
VALUES = arrays(np.float32, st.integers(1, 40), elements=st.floats(-60, 60, width=32))


@EVERY
@given(x=VALUES)
def test_the_function_equals_torch(entry: Nonlinearity, x: np.ndarray) -> None:
    result = entry.function(x)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, TORCH[entry.name](torch.from_numpy(x)), rtol=1e-5, atol=1e-6)


@EVERY
@given(x=VALUES)
def test_the_derivative_equals_autograd(entry: Nonlinearity, x: np.ndarray) -> None:
    leaf = torch.from_numpy(x.copy()).requires_grad_()
    TORCH[entry.name](leaf).sum().backward()
    np.testing.assert_allclose(entry.derivative(x), leaf.grad, rtol=1e-4, atol=1e-6)


@EVERY
def test_it_says_whether_it_is_ever_negative(entry: Nonlinearity) -> None:
    values = entry.function(np.linspace(-60, 60, 1201))
    assert entry.never_negative == bool((values >= 0).all())


@EVERY
def test_the_shape_stays_and_integers_become_floats(entry: Nonlinearity) -> None:
    assert entry.function(np.arange(24).reshape(2, 3, 4)).shape == (2, 3, 4)
    assert entry.function([1, 2]).dtype == np.float32
    assert entry.derivative(np.zeros((2, 2), np.float64)).dtype == np.float64


@EVERY
def test_the_module_named_is_the_function_computed(entry: Nonlinearity) -> None:
    name, _, arguments = entry.module.removeprefix("nn.").removesuffix(")").partition("(")
    module = getattr(torch.nn, name)(*map(float, filter(None, arguments.split(","))))
    x = torch.linspace(-4, 4, 33)
    np.testing.assert_allclose(entry.function(x.numpy()), module(x), rtol=1e-5, atol=1e-6)


def test_values_worked_out_by_hand() -> None:
    assert relu([-2, 0, 3]).tolist() == [0, 0, 3]
    assert sigmoid(np.float64(0)) == 0.5
    assert sigmoid(np.array([-1000.0, 1000.0])).tolist() == [0, 1]
    assert silu(np.float64(1)) == pytest.approx(1 / (1 + np.exp(-1)))
    assert gelu(np.float64(1)) == pytest.approx(0.8413447461)
    assert NONLINEARITIES["sigmoid"].derivative(np.float64(0)) == 0.25
