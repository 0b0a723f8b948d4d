"""Max pooling and ReLU in one step: torch's values and gradients, bit for bit, and the same network around them."""

import itertools

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnn_core.training.fusion import MaxPoolReLU, fused

CPU = torch.device("cpu")
NAN, INFINITY = float("nan"), float("inf")


def both(maps: Tensor, size: int) -> list[tuple[Tensor, Tensor]]:
    """Values and gradient of the fused operation, and of torch's two."""
    results = []
    for operation in (MaxPoolReLU(size), lambda x: F.relu(F.max_pool2d(x, size))):
        leaf = maps.clone(memory_format=torch.preserve_format).requires_grad_()
        out = operation(leaf)
        given = torch.arange(1, out.numel() + 1, dtype=torch.float32).reshape(out.shape).to(maps.dtype)
        (gradient,) = torch.autograd.grad(out, leaf, given)
        results.append((out.detach(), gradient))
    return results


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((3, 5, 8, 8), 2),
        ((2, 40, 11, 9), 2),  # a row and a column left over
        ((1, 1, 2, 2), 2),
        ((2, 16, 10, 11), 3),
        ((2, 7, 9, 8), 4),
        ((2, 3, 4, 4), 1),
        ((0, 3, 4, 4), 2),
    ],
)
def test_values_and_gradients_are_torchs(dtype: torch.dtype, shape: tuple[int, ...], size: int) -> None:
    torch.manual_seed(0)
    # Rounded to halves, so that most windows hold equal values, zeros and minus zeros too.
    maps = (torch.randn(shape) * 3).round().div(2).to(dtype)
    for layout in (torch.contiguous_format, torch.channels_last):
        (out, gradient), (expected, expected_gradient) = both(maps.contiguous(memory_format=layout), size)
        assert torch.equal(out, expected)
        assert torch.equal(gradient, expected_gradient)
        assert out.dtype == dtype


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_every_order_of_unusual_numbers_in_a_window(dtype: torch.dtype) -> None:
    smallest = torch.finfo(dtype).smallest_normal
    values = (-INFINITY, -1.0, -smallest, -0.0, 0.0, smallest, 1.0, INFINITY)
    windows = torch.tensor(list(itertools.product(values, repeat=4)), dtype=dtype).reshape(-1, 1, 2, 2)
    (out, gradient), (expected, expected_gradient) = both(windows, 2)
    assert torch.equal(out, expected)
    # Torch gives a gradient to the first 0 or -0 of a window whose largest is 0; ReLU then takes it.
    assert torch.equal(gradient, expected_gradient)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
@pytest.mark.parametrize("nan", [NAN, -NAN], ids=["positive", "negative"])
def test_a_nan_is_never_hidden(dtype: torch.dtype, nan: float) -> None:
    for place, other in itertools.product(range(4), (-INFINITY, -1.0, 0.0, 1.0, INFINITY)):
        window = torch.full((4,), other, dtype=dtype)
        window[place] = nan
        (out, gradient), (_, expected_gradient) = both(window.reshape(1, 1, 2, 2), 2)
        assert out.isnan().all()
        assert torch.equal(gradient, expected_gradient)


@pytest.mark.parametrize(
    "pool", [nn.MaxPool2d(2), nn.MaxPool2d(3, 1), nn.MaxPool2d(2, padding=1), nn.MaxPool2d(5)]
)
def test_the_fused_network_is_the_same_function_of_the_same_parameters(pool: nn.Module) -> None:
    torch.manual_seed(1)
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), pool, nn.Conv2d(4, 2, 1), nn.ReLU(), nn.Flatten(), nn.LazyLinear(3)
    )
    x = torch.randn(5, 1, 9, 9)
    model(x)
    gradients = []
    for network in (model, fused(model, CPU)):
        model.zero_grad()
        out = network(x)
        out.square().sum().backward()
        gradients.append((out.detach(), *(p.grad.clone() for p in model.parameters())))
    for plain, fast in zip(*gradients):
        torch.testing.assert_close(fast, plain)


def test_what_is_fused_and_what_stays_torchs() -> None:
    def kinds(*layers: nn.Module, device: str = "cpu") -> list[str]:
        return [type(layer).__name__ for layer in fused(nn.Sequential(*layers), torch.device(device))]

    assert kinds(nn.ReLU(), nn.MaxPool2d(2)) == ["MaxPoolReLU"]
    assert kinds(nn.ReLU(), nn.MaxPool2d(2), device="cuda") == ["MaxPool2d", "ReLU"]
    assert kinds(nn.ReLU(), nn.MaxPool2d(3, stride=2)) == ["MaxPool2d", "ReLU"]
    assert kinds(nn.ReLU(), nn.MaxPool2d(2, padding=1)) == ["MaxPool2d", "ReLU"]
    assert kinds(nn.ReLU(), nn.MaxPool2d(5)) == ["MaxPool2d", "ReLU"]
    assert kinds(nn.MaxPool2d(2), nn.ReLU()) == ["MaxPool2d", "ReLU"]
    assert kinds(nn.Tanh(), nn.MaxPool2d(2)) == ["Tanh", "MaxPool2d"]
    assert kinds(nn.ReLU(), nn.Flatten(), nn.Linear(2, 2)) == ["Flatten", "ReLU", "Linear"]
    assert kinds(nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()) == ["MaxPoolReLU", "Flatten"]
    assert kinds(nn.ReLU(), nn.AvgPool2d(2), nn.ReLU(), nn.MaxPool2d(2)) == [
        "ReLU",
        "AvgPool2d",
        "MaxPoolReLU",
    ]


@pytest.mark.parametrize(
    "before",
    [
        *([nn.Tanh()], [nn.Sigmoid()], [nn.ReLU()], [nn.Dropout(0.0)], [nn.ReLU(), nn.MaxPool2d(2)]),
        *([nn.Conv2d(4, 4, 1)], [nn.BatchNorm2d(4)], [nn.MaxPool2d(2)], [nn.AvgPool2d(2)], [nn.Softmax(1)]),
    ],
    ids=lambda layers: "-".join(type(layer).__name__ for layer in layers),
)
def test_a_relu_may_follow_anything(before: list[nn.Module]) -> None:
    """In place it would destroy what the backward pass of some layers needs."""
    torch.manual_seed(2)
    model = nn.Sequential(nn.Conv2d(1, 4, 3), *before, nn.ReLU(), nn.Conv2d(4, 2, 1), nn.Flatten())
    x = torch.randn(5, 1, 9, 9)
    gradients = []
    for network in (model, fused(model, CPU)):
        model.zero_grad()
        network(x).square().sum().backward()
        gradients.append([p.grad.clone() for p in model.parameters()])
    for plain, fast in zip(*gradients):
        torch.testing.assert_close(fast, plain)


def test_relu_stays_in_place_where_it_saves_a_copy() -> None:
    for layer in (nn.Conv2d(1, 2, 3), nn.Linear(2, 2), nn.BatchNorm2d(2), nn.MaxPool2d(2)):
        assert fused(nn.Sequential(layer, nn.ReLU()), CPU)[1].inplace
    relu = fused(nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten()), CPU)[2]
    assert relu.inplace
