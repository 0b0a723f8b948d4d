"""The torch module of an architecture. Torch is imported when one is built."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from contextlib import nullcontext
from typing import TYPE_CHECKING

from typing_extensions import override

from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.repairs import problems

if TYPE_CHECKING:
    from typing import TypeAlias

    from torch import nn
    from torch.overrides import TorchFunctionMode

    Network: TypeAlias = nn.Sequential  # what `build` makes, for those who may not name torch


def build(architecture: Architecture, seed: int | None = None) -> "nn.Sequential":
    """The network in torch, children named as in `Architecture.names`, with torch's default initialization.

    With a `seed` the weights are those of `torch.manual_seed(seed)` before the same constructors,
    whatever else uses torch's global generator meanwhile.

    Raises `ArchitectureError` where there are `problems`.
    """
    from torch import nn

    found = problems(architecture)
    if found:
        raise ArchitectureError(" ".join(problem.message for problem in found))
    with nullcontext() if seed is None else drawing_from(seed):
        modules = [(info.name, info.layer.module(info.input_shape)) for info in architecture.summary()]
    return nn.Sequential(OrderedDict(modules))


def state_keys(model: "nn.Sequential") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of a network's `state_dict`, and those of the same children in an `nn.Sequential` without names."""
    from torch import nn

    return tuple(model.state_dict()), tuple(nn.Sequential(*model.children()).state_dict())


def drawing_from(seed: int) -> "TorchFunctionMode":
    """A context in which whatever torch draws in this thread comes from a generator of its own."""
    import torch
    from torch.overrides import TorchFunctionMode

    class Drawing(TorchFunctionMode):
        generator = torch.Generator().manual_seed(seed)

        @override
        def __torch_function__(
            self,
            function: Callable[..., object],
            types: Collection[type],
            args: tuple[object, ...] = (),
            kwargs: dict[str, object] | None = None,
        ) -> object:
            given = dict(kwargs or {})
            if "generator" in given:  # torch.nn.init hands its own on, None by default
                given["generator"] = self.generator
            return function(*args, **given)

    return Drawing()
