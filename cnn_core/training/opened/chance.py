"""Dropout whose masks are the same whenever a step is looked at again: drawn from the step's own seed."""

from collections.abc import Callable, Collection

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from typing_extensions import override


class SeededDropout(TorchFunctionMode):
    """A context in which `dropout` in this thread draws from a generator of its own; torch's is left alone."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._generator = torch.Generator().manual_seed(seed)

    @override
    def __torch_function__(
        self,
        function: Callable[..., object],
        types: Collection[type],
        args: tuple[object, ...] = (),
        kwargs: dict[str, object] | None = None,
    ) -> object:
        given = dict(kwargs or {})
        if function is torch.nn.functional.dropout:
            return self._dropped(*args, **given)  # type: ignore[arg-type]
        return function(*args, **given)

    def _dropped(self, x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
        if not training or p == 0:
            return x
        kept = torch.empty(x.shape).bernoulli_(1 - p, generator=self._generator)
        return x * (kept / (1 - p))
