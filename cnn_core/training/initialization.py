"""What the weights of a network are before its first step."""

from collections.abc import Callable

from torch import Tensor, nn


def _kaiming(weight: Tensor) -> None:
    nn.init.kaiming_normal_(weight, nonlinearity="relu")


def _xavier(weight: Tensor) -> None:
    nn.init.xavier_uniform_(weight)


def _zero(weight: Tensor) -> None:
    nn.init.zeros_(weight)


OTHERS: dict[str, Callable[[Tensor], None]] = {"kaiming": _kaiming, "xavier": _xavier, "zeros": _zero}


def initialize(model: nn.Module, kind: str) -> None:
    """Give convolutions and linear layers other first weights, in place, drawn from torch's global generator.

    "kaiming": normal with variance 2 / inputs (He et al. 2015); "xavier": uniform with variance 2 / (inputs + outputs)
    (Glorot and Bengio 2010); "zeros": none differs from another, so none learns what another does not; all with biases
    0. "default" leaves what torch drew: uniform with variance 1 / (3 · inputs), biases too. Batch norm stays as it is.
    """
    if kind == "default":
        return
    for layer in model.modules():
        weight, bias = (getattr(layer, name, None) for name in ("weight", "bias"))
        if isinstance(weight, Tensor) and weight.ndim > 1:  # batch norm's is a number a channel
            OTHERS[kind](weight)
            if isinstance(bias, Tensor):
                nn.init.zeros_(bias)
