"""The PyTorch that gives a convolution's very result: written as source, and run."""

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Floats, Pair
from cnn_core.operations.convolution_view import ConvolutionLayer


def torch_source(layer: ConvolutionLayer, weight: npt.ArrayLike, bias: npt.ArrayLike, size: Pair) -> str:
    """Runnable PyTorch for an image tensor `x` `(1, C, H, W)` of `size` (H, W) that gives this very output."""
    weights = layer.torch_weight(weight)
    lines = [
        "import torch",
        "import torch.nn.functional as F",
        "",
        f"weight = torch.tensor({literal(weights)})  # {tuple(weights.shape)}",
        f"bias = torch.tensor({literal(np.asarray(bias, np.float32))})",
    ]
    settings = f"stride={layer.stride}"
    if layer.transposed:
        settings += f", padding={layer.padding}"
    else:
        rows, columns = layer.axes(size, (weights.shape[2], weights.shape[3]))
        around = (columns.before, columns.after, rows.before, rows.after)
        if layer.padding_mode != "zeros" and any(around):
            lines.append(f'x = F.pad(x, {around}, mode="{layer.padding_mode}")  # left, right, top, bottom')
        else:
            settings += f", padding={layer.padding!r}"
    call = "conv_transpose2d" if layer.transposed else "conv2d"
    lines.append(
        f"y = F.{call}(x, weight, bias, {settings}, dilation={layer.dilation}, groups={layer.groups})"
    )
    return "\n".join(lines).replace("'", '"')


def run_source(source: str, x: npt.ArrayLike) -> Floats:
    """Run what `torch_source` wrote on the image `x` `(C, H, W)`: torch's own answer `(F, H_out, W_out)`."""
    import torch  # here, so that a page is up before torch is

    scope = {"x": torch.from_numpy(np.array(x, np.float32))[None]}
    exec(source, scope)
    return np.asarray(scope["y"][0].numpy(), np.float32)


def literal(array: Floats) -> str:
    """A float32 array as nested Python lists, in the fewest digits that give the same float32 back."""
    if array.ndim == 0:
        return np.format_float_positional(np.float32(array), unique=True, trim="0")
    return "[" + ", ".join(literal(part) for part in array) + "]"
