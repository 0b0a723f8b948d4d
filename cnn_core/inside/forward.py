"""Running a network: all of it, up to one of its layers, on from there; and the probabilities for a whole test set.

A network is an `nn.Sequential` of *stops*: its children, each one layer of the architecture. A block (a residual block,
a separable convolution) is one stop, however many layers are in it, since only between stops is the network one stream:
what stands behind a stop depends on that stop's output alone, while inside a residual block two streams run side by
side. So `front`, `back` and `forward_all` cut between stops. What is in a block is reached by its dotted name
("residual1.conv2"), which is how its filters are found (`convolutions`).

Models are shared between sessions, so nothing is hooked, trained or changed: stops are called one after the other in
inference mode, and only their outputs are kept. Torch is imported when a network is run, so that a page is up before
torch is. Which class of torch a module is, is asked here, and where training rearranges torch's own modules
(`training/fusion.py`), and nowhere else; what a layer is like, its type says.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnn_core.arrays import Floats, Reals, not_allowed, to_float
from cnn_core.networks.layers import Layer, type_of
from cnn_core.operations.dropout import Head

if TYPE_CHECKING:
    import torch
    from torch import nn

BATCH = 128  # images at a time where their number is not bounded


@dataclass(frozen=True, eq=False)
class LayerOutput:
    """What one stop gave: its `name` ("conv1"), its `kind` ("Conv2d"), its `output` (N, ...) float32.

    `layer` is its type, None for a module that no type makes.
    """

    name: str
    kind: str
    layer: type[Layer] | None
    output: Floats


def _check(model: "nn.Module") -> None:
    """Training mode would draw dropout masks and move batch norm's running statistics: refuse it."""
    if model.training:
        raise ValueError(not_allowed("model", "in training mode", "eval mode: call model.eval() first"))


def _to_tensor(x: NDArray[np.generic], model: "nn.Module") -> "torch.Tensor":
    """Images float32 (N, C, H, W) in 0..1, or as on disk uint8 (N, H, W, C), on the model's device."""
    if x.ndim != 4:
        raise ValueError(not_allowed("x", f"of shape {x.shape}", "(N, C, H, W), or uint8 (N, H, W, C)"))
    if x.dtype == np.uint8:
        x = to_float(x.view(np.uint8))
    import torch

    device = next((parameter.device for parameter in model.parameters()), torch.device("cpu"))
    return torch.from_numpy(np.array(x, dtype=np.float32, order="C")).to(device)


def _run(stops: "nn.Sequential", value: "torch.Tensor") -> "Iterator[tuple[str, nn.Module, torch.Tensor]]":
    """Each stop's name, module and output in order; one that works in place gets a copy of what it reads."""
    for name, module in stops.named_children():
        in_place = any(getattr(part, "inplace", False) for part in module.modules())
        value = module(value.clone() if in_place else value)
        yield name, module, value


def _index(model: "nn.Sequential", name: str) -> int:
    names = [known for known, _ in model.named_children()]
    if name not in names:
        raise ValueError(not_allowed("layer", repr(name), f"one of {', '.join(names)}"))
    return names.index(name)


def front(model: "nn.Sequential", name: str) -> "nn.Sequential":
    """The model up to and with the stop `name`, over the same modules. Raises `ValueError` where there is none."""
    return model[: _index(model, name) + 1]


def back(model: "nn.Sequential", name: str) -> "nn.Sequential":
    """The model behind the stop `name`: `back(model, name)(front(model, name)(x))` is `model(x)`."""
    return model[_index(model, name) + 1 :]


def forward_all(model: "nn.Sequential", x: NDArray[np.generic]) -> list[LayerOutput]:
    """The output of every stop for a batch (N, C, H, W) in 0..1, in order; the last holds the logits.

    The model must be in eval mode and is left as it was. A layer that works in place gets a copy, so that
    the output before it keeps its negative values. Raises ValueError for a model in training mode or an `x`
    of another number of axes, RuntimeError where the shape does not fit the first layers.
    """
    import torch

    _check(model)
    with torch.inference_mode():
        return [
            LayerOutput(name, type(module).__name__, type_of(module), value.float().cpu().numpy())
            for name, module, value in _run(model, _to_tensor(x, model))
        ]


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

    head = model[-1]
    if not isinstance(head, nn.Linear):
        raise ValueError(f"the network ends in {type(head).__name__}; dropout here needs a last linear layer")
    with torch.inference_mode():
        features = model[:-1](_to_tensor(np.asarray(image, np.float32)[None], model))[0]
        bias = head.bias if head.bias is not None else torch.zeros(head.out_features)
        return Head(*(part.detach().cpu().numpy() for part in (features, head.weight, bias)))


def layer_names(model: "nn.Sequential") -> list[str]:
    """The layers after which batch norm could stand: every one that mixes channels or features, but the last."""
    mixing = [
        name
        for name, module in model.named_children()
        if (kind := type_of(module)) is not None and kind.mixes
    ]
    *_, (last, _) = model.named_children()
    return [name for name in mixing if name != last]


def layer_channel(model: "nn.Sequential", layer: str, channel: int, images: Reals) -> Reals:
    """What `layer` answers in one channel to `images` `(N, C, H, W)` in 0..1: `(N, H, W)`, or `(N,)` of a linear layer.

    The model must be in eval mode and is left as it was; the layers behind `layer` do not run. Raises
    `ValueError` for a layer that the model doesn't have or a channel out of range.
    """
    import torch

    _check(model)
    until = front(model, layer)
    parts = []
    with torch.inference_mode():
        for start in range(0, len(images), BATCH):
            output = until(_to_tensor(np.asarray(images[start : start + BATCH], np.float32), model))
            if not 0 <= channel < output.shape[1]:
                raise ValueError(not_allowed("channel", channel, f"0 to {output.shape[1] - 1} in {layer}"))
            parts.append(output[:, channel].float().cpu().numpy())
    return np.concatenate(parts)


def convolutions(model: "nn.Module") -> "list[tuple[str, nn.Conv2d]]":
    """Every convolution by its name, those in blocks by their dotted names ("residual1.conv2"), in order."""
    from torch import nn

    return [(name, module) for name, module in model.named_modules() if isinstance(module, nn.Conv2d)]


def linears(model: "nn.Module") -> "list[tuple[str, nn.Linear]]":
    """Every linear layer by its name, in order."""
    from torch import nn

    return [(name, module) for name, module in model.named_modules() if isinstance(module, nn.Linear)]
