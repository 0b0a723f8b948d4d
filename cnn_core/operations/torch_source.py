"""The PyTorch that gives the very result of an operation here: written as source, and run."""

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Floats, Pair
from cnn_core.operations.convolution_view import Convolution
from cnn_core.operations.downsampling import PoolingWindow


def convolution_source(layer: Convolution, weight: npt.ArrayLike, bias: npt.ArrayLike, size: Pair) -> str:
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
        settings += f", padding={layer.padding}, output_padding={layer.output_padding}"
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


def downsampling_source(kind: str, window: PoolingWindow, weight: npt.ArrayLike | None = None) -> str:
    """The line of PyTorch for an image tensor `x` `(1, 1, H, W)` that gives what operation `kind` of `KINDS` does.

    `weight` `(kh, kw)` belongs to "strided".
    """
    if kind.startswith("global"):
        return f"F.adaptive_{'max' if kind == 'global max' else 'avg'}_pool2d(x, 1)"
    if kind == "strided":
        weights = literal(np.asarray(weight, np.float32)[None, None])
        return f"F.conv2d(x, torch.tensor({weights}), stride={window.stride}, padding={window.padding})"
    settings = f"{window.kernel_size}, stride={window.stride}, padding={window.padding}"
    if kind == "max":
        return f"F.max_pool2d(x, {settings}, ceil_mode={window.ceil_mode})"
    return (
        f"F.avg_pool2d(x, {settings}, ceil_mode={window.ceil_mode},"
        f" count_include_pad={window.count_include_pad})"
    )


def run_source(source: str, x: npt.ArrayLike) -> Floats:
    """Run what `convolution_source` wrote on the image `x` `(C, H, W)`: torch's own answer `(F, H_out, W_out)`."""
    import torch  # here, so that a page is up before torch is

    scope = {"x": torch.from_numpy(np.array(x, np.float32))[None]}
    exec(source, scope)
    return np.asarray(scope["y"][0].numpy(), np.float32)


def literal(array: Floats) -> str:
    """A float32 array as nested Python lists, in the fewest digits that give the same float32 back."""
    if array.ndim == 0:
        return np.format_float_positional(np.float32(array), unique=True, trim="0")
    return "[" + ", ".join(literal(part) for part in array) + "]"
