"""What every layer of a network answers to an image, and the probabilities for a whole test set.

Models are shared between sessions, so nothing is hooked, trained or changed: the layers of the
`nn.Sequential` are called one after the other in inference mode, and only their outputs are kept. Torch is imported
when a network is run, so that a page is up before torch is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnn_core.arrays import Floats, Reals, to_float
from cnn_core.operations.dropout import Head

if TYPE_CHECKING:
    import torch
    from torch import nn


@dataclass(frozen=True, eq=False)
class LayerOutput:
    """What one layer gave: its `name` ("conv1"), its `kind` ("Conv2d"), its `output` (N, ...) float32."""

    name: str
    kind: str
    output: Floats


def _check(model: "nn.Module") -> None:
    """Training mode would draw dropout masks and move batch norm's running statistics: refuse it."""
    if model.training:
        raise ValueError(
            "model is in training mode; a model in eval mode is allowed: call model.eval() first"
        )


def _to_tensor(x: NDArray[np.generic], model: "nn.Module") -> "torch.Tensor":
    """Images float32 (N, C, H, W) in 0..1, or as on disk uint8 (N, H, W, C), on the model's device."""
    if x.ndim != 4:
        raise ValueError(f"x has shape {x.shape}; (N, C, H, W) is allowed, or uint8 (N, H, W, C)")
    if x.dtype == np.uint8:
        x = to_float(x.view(np.uint8))
    import torch

    device = next((parameter.device for parameter in model.parameters()), torch.device("cpu"))
    return torch.from_numpy(np.array(x, dtype=np.float32, order="C")).to(device)


def forward_all(model: "nn.Sequential", x: NDArray[np.generic]) -> list[LayerOutput]:
    """The output of every layer for a batch (N, C, H, W) in 0..1, in order; the last holds the logits.

    The model must be in eval mode and is left as it was. A layer that works in place gets a copy, so that
    the output before it keeps its negative values. Raises ValueError for a model in training mode or an `x`
    of another number of axes, RuntimeError where the shape does not fit the first layers.
    """
    import torch

    _check(model)
    outputs = []
    with torch.inference_mode():
        value = _to_tensor(x, model)
        for name, layer in model.named_children():
            value = layer(value.clone() if getattr(layer, "inplace", False) else value)
            outputs.append(LayerOutput(name, type(layer).__name__, value.float().cpu().numpy()))
    return outputs


def probabilities(
    model: "nn.Module",
    x: NDArray[np.generic],
    batch_size: int = 500,
    progress: Callable[[float], None] | None = None,
) -> Floats:
    """Softmax of the model's logits, float32 (N, K), for N images of any number, `batch_size` at a time.

    `x` is float32 (N, C, H, W) in 0..1, or uint8 (N, H, W, C) as datasets lie on disk, converted batch by
    batch so that a memory-mapped test set is never in memory at once. `progress` is told the share done,
    0..1, after each batch. Raises ValueError as `forward_all` does.
    """
    import torch

    _check(model)
    rows = []
    with torch.inference_mode():
        for start in range(0, len(x), batch_size):
            logits = model(_to_tensor(x[start : start + batch_size], model))
            rows.append(logits.float().softmax(dim=1).cpu().numpy())
            if progress is not None:
                progress(min(1.0, (start + batch_size) / len(x)))
    return np.concatenate(rows) if rows else np.empty((0, 0), dtype=np.float32)


def last_layer(model: "nn.Sequential", image: Floats) -> Head:
    """The head of a model in eval mode for one image `(C, H, W)` in 0..1; nothing is left on the model.

    Raises `ValueError` where the model doesn't end in a linear layer.
    """
    import torch
    from torch import nn

    *body, head = model.children()
    if not isinstance(head, nn.Linear):
        raise ValueError(f"the network ends in {type(head).__name__}; dropout here needs a last linear layer")
    with torch.inference_mode():
        value = torch.from_numpy(np.asarray(image, np.float32))[None]
        for layer in body:
            value = layer(value.clone() if getattr(layer, "inplace", False) else value)
        bias = head.bias if head.bias is not None else torch.zeros(head.out_features)
        return Head(value[0].numpy(), head.weight.detach().numpy(), bias.detach().numpy())


def layer_names(model: "nn.Sequential") -> list[str]:
    """The layers after which batch norm could stand: every convolution, and every linear layer but the last."""
    from torch import nn

    children = list(model.named_children())
    return [name for name, layer in children[:-1] if isinstance(layer, nn.Conv2d | nn.Linear)]


def layer_channel(model: "nn.Sequential", layer: str, channel: int, images: Reals) -> Reals:
    """What `layer` answers in one channel to `images` `(N, C, H, W)` in 0..1: `(N, H, W)`, or `(N,)` of a linear layer.

    The model must be in eval mode and is left as it was; the layers behind `layer` do not run. Raises
    `ValueError` for a layer that the model doesn't have or a channel out of range.
    """
    import torch

    names = [name for name, _ in model.named_children()]
    if layer not in names:
        raise ValueError(f"layer is {layer!r}; this model has {', '.join(names)}")
    front = model[: names.index(layer) + 1]  # shares the layers, changes nothing
    parts = []
    with torch.inference_mode():
        for start in range(0, len(images), 128):
            output = front(torch.from_numpy(np.asarray(images[start : start + 128], np.float32)))
            if not 0 <= channel < output.shape[1]:
                raise ValueError(f"channel is {channel}; {layer} has 0..{output.shape[1] - 1}")
            parts.append(output[:, channel].float().numpy())
    return np.concatenate(parts)
