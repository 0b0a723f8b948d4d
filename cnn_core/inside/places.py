"""Running a network place by place, with the values inside blocks; nothing is hooked, and the model stays as it was.

`forward.py` cuts a network between its stops; here each operation runs by itself, as `networks/wiring.py` says it is
connected, so that a value within a block can be read, replaced, or followed by a gradient.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cnn_core.arrays import Floats, not_allowed
from cnn_core.networks.wiring import PROBABILITIES, Place, Wiring

if TYPE_CHECKING:
    import torch
    from torch import nn


def modules_of(model: "nn.Sequential", places: Iterable[Place]) -> "dict[str, nn.Module]":
    """The module at each of these places; those that add up have none. Raises `ValueError` where the model has none."""
    found = {}
    for place in places:
        if place.name == PROBABILITIES and place.layer is not None:
            found[place.name] = place.layer.module(place.input_shape)
        elif place.layer is not None:
            try:
                found[place.name] = model.get_submodule(place.name)
            except AttributeError:
                allowed = "the network of this architecture"
                raise ValueError(not_allowed("model", f"without {place.name}", allowed)) from None
    return found


def run(
    model: "nn.Sequential",
    places: tuple[Place, ...],
    known: "Mapping[str, torch.Tensor]",
    keep: Iterable[str] | None = None,
) -> "dict[str, torch.Tensor]":
    """The values at `places`, run in their order from `known` values by place, the images' by `INPUT`.

    Those of all of them, or of the names to `keep`, which others need not wait for in memory. Gradients flow, unless
    the caller is in inference mode. The model has to be in eval mode.
    """
    if model.training:
        raise ValueError(not_allowed("model", "in training mode", "eval mode: call model.eval() first"))
    modules = modules_of(model, places)
    kept = {place.name for place in places} if keep is None else set(keep)
    last = {name: index for index, place in enumerate(places) for name in place.reads}
    values = dict(known)
    for index, place in enumerate(places):
        read = [values[name] for name in place.reads]
        if place.name in modules:
            module = modules[place.name]
            values[place.name] = module(read[0].clone() if getattr(module, "inplace", False) else read[0])
        else:
            values[place.name] = sum(read[1:], read[0])
        for name in place.reads:
            if last[name] == index and name not in kept:
                values.pop(name, None)
    return {name: values[name] for name in kept if name in values}


def tensor_of(images: Floats, wiring: Wiring, model: "nn.Module") -> "torch.Tensor":
    """Images float32 `(N, C, H, W)` in 0..1 on the model's device. Raises `ValueError` for those of another shape."""
    import numpy as np
    import torch

    if images.ndim != 4 or images.shape[1:] != wiring.input_shape:
        allowed = f"(N, {', '.join(map(str, wiring.input_shape))})"
        raise ValueError(not_allowed("images", f"of shape {images.shape}", allowed))
    device = next((parameter.device for parameter in model.parameters()), torch.device("cpu"))
    return torch.from_numpy(np.array(images, np.float32, order="C")).to(device)
