"""Two-dimensional convolution as the frameworks mean it (a correlation: the kernel is not flipped), in NumPy.

Arguments, shapes and semantics are those of `torch.nn.functional.conv2d` and `conv_transpose2d`, for one
image without a batch axis. Products and sums are formed in float64 and in a fixed order (row by row within a
channel, then channel by channel, then the bias), so that `convolution_trace` can show the very terms of any
cell.
"""

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Doubles, Floats, IntOrPair, Mask, Pair, is_whole, not_allowed, pair, real_array
from cnn_core.operations.windows import Axis, axes, output_gradient, padded, unpadded


def conv2d(
    x: npt.ArrayLike,
    weight: npt.ArrayLike,
    bias: npt.ArrayLike | None = None,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair | str = 0,
    padding_mode: str = "zeros",
    dilation: IntOrPair = 1,
    groups: int = 1,
) -> Floats:
    """Slide `weight` over `x`: each output cell is the sum of a window times a kernel, plus a bias.

    `x` `(C_in, H, W)`, `weight` `(C_out, C_in / groups, kh, kw)`, `bias` `(C_out,)`; returns float32 `(C_out,
    H_out, W_out)`. `padding` is an integer, a pair, "valid" or "same"; `padding_mode` one of zeros, reflect,
    replicate, circular. Raises ValueError naming the argument that is wrong.
    """
    pixels, kernels, biases = checked(x, weight, bias, groups)
    rows, columns = axes(
        pixels.shape[1:], kernels.shape[2:], stride, padding, dilation, padding_mode=padding_mode
    )
    channels = kernels.shape[1]
    # (groups, channels, padded H, padded W) and (groups, filters, channels, kh, kw)
    field = padded(pixels, rows, columns).astype(np.float64)
    field = field.reshape(groups, channels, *field.shape[1:])
    filters = kernels.astype(np.float64).reshape(groups, -1, *kernels.shape[1:])
    output = np.zeros((groups, filters.shape[1], rows.outputs, columns.outputs))
    for channel in range(channels):
        channel_sum = np.zeros_like(output)
        for i in range(rows.kernel):
            for j in range(columns.kernel):
                read = field[:, None, channel, rows.reads(i), columns.reads(j)]
                channel_sum += filters[:, :, channel, i, j, None, None] * read
        output += channel_sum
    return (output.reshape(-1, rows.outputs, columns.outputs) + biases[:, None, None]).astype(np.float32)


def conv2d_gradient(
    x: npt.ArrayLike,
    weight: npt.ArrayLike,
    grad_output: npt.ArrayLike | None = None,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair | str = 0,
    padding_mode: str = "zeros",
    dilation: IntOrPair = 1,
    groups: int = 1,
) -> Floats:
    """Where the gradient goes: what each pixel of `x` gets of `grad_output`.

    Every output cell hands each pixel of its window its gradient times the weight that the pixel met.
    `grad_output` `(C_out, H_out, W_out)` is ones where it is None. Returns float32 `(C_in, H, W)`. Raises ValueError
    naming the argument that is wrong.
    """
    pixels, kernels, _ = checked(x, weight, None, groups)
    rows, columns = axes(
        pixels.shape[1:], kernels.shape[2:], stride, padding, dilation, padding_mode=padding_mode
    )
    grads = output_gradient(grad_output, (len(kernels), rows.outputs, columns.outputs))
    field = scatter(grads, kernels, rows, columns, groups, (len(rows.source), len(columns.source)))
    return unpadded(field, rows, columns).astype(np.float32)


def conv_transpose2d(
    x: npt.ArrayLike,
    weight: npt.ArrayLike,
    bias: npt.ArrayLike | None = None,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    output_padding: IntOrPair = 0,
    groups: int = 1,
    dilation: IntOrPair = 1,
) -> Floats:
    """Stamp `weight` onto the output once for every input cell, `stride` apart: a convolution backwards.

    `x` `(C_in, H, W)`, `weight` `(C_in, C_out / groups, kh, kw)`, `bias` `(C_out,)`; returns float32
    `(C_out, H_out, W_out)` with H_out = (H − 1)·stride − 2·padding + dilation·(kh − 1) + output_padding + 1.
    Raises ValueError naming the argument that is wrong.
    """
    pixels, kernels, biases = checked(x, weight, bias, groups, transposed=True)
    rows, columns = transposed_axes(
        pixels.shape[1:], kernels.shape[2:], stride, padding, output_padding, dilation
    )
    whole = (rows.size + rows.before + rows.after, columns.size + columns.before + columns.after)
    canvas = scatter(pixels, kernels, rows, columns, groups, whole)
    kept = canvas[:, rows.before : rows.before + rows.size, columns.before : columns.before + columns.size]
    return (kept + biases[:, None, None]).astype(np.float32)


def transposed_axes(
    size: IntOrPair,
    kernel_size: IntOrPair,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    output_padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
) -> tuple[Axis, Axis]:
    """The axes of the convolution that a transposed convolution runs backwards: its *input* is our output.

    ValueError names the argument that is wrong.
    """
    sizes, kernels = pair("size", size, 1), pair("kernel_size", kernel_size, 1)
    strides, dilations = pair("stride", stride, 1), pair("dilation", dilation, 1)
    paddings, extras = pair("padding", padding, 0), pair("output_padding", output_padding, 0)
    made = []
    for name, n, k, s, d, p, extra in zip(
        ("rows", "columns"), sizes, kernels, strides, dilations, paddings, extras
    ):
        if extra >= max(s, d):
            allowed = f"less than stride {s} or dilation {d}"
            raise ValueError(not_allowed("output_padding", f"{extra} {name}", allowed))
        length = (n - 1) * s + d * (k - 1) + 1 + extra - 2 * p
        if length < 1:
            allowed = f"what leaves some of the {length + 2 * p} {name} of the output"
            raise ValueError(not_allowed("padding", f"{p} {name} on each side", allowed))
        made.append(Axis(length, k, s, p, p, d))
    return made[0], made[1]


def unread_pixels(
    size: IntOrPair,
    kernel_size: IntOrPair,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair | str = 0,
    padding_mode: str = "zeros",
    dilation: IntOrPair = 1,
    ceil_mode: bool = False,
) -> Mask:
    """`(H, W)`: True where no output cell reads the pixel, neither in place nor as a copy in the padding."""
    rows, columns = axes(
        size, kernel_size, stride, padding, dilation, padding_mode=padding_mode, ceil_mode=ceil_mode
    )
    read = [np.isin(np.arange(axis.size), axis.positions) for axis in (rows, columns)]
    return ~(read[0][:, None] & read[1][None, :])


def checked(
    x: npt.ArrayLike,
    weight: npt.ArrayLike,
    bias: npt.ArrayLike | None,
    groups: int,
    *,
    transposed: bool = False,
) -> tuple[Floats, Floats, Floats]:
    """Image, weight and bias as float32 of matching shapes; ValueError names the one that does not match."""
    pixels = real_array("x", x, ("C_in", "H", "W"))
    first, second = ("C_in", "C_out / groups") if transposed else ("C_out", "C_in / groups")
    kernels = real_array("weight", weight, (first, second, "kh", "kw"))
    if not is_whole(groups) or groups < 1:
        raise ValueError(not_allowed("groups", repr(groups), "an integer of 1 or more"))
    if len(pixels) % groups or len(kernels) % groups:
        allowed = f"what divides the {len(pixels)} channels of x and the {len(kernels)} of weight"
        raise ValueError(not_allowed("groups", groups, allowed))
    wanted = len(pixels) if transposed else len(pixels) // groups
    if kernels.shape[0 if transposed else 1] != wanted:
        allowed = (
            f"{wanted} channels on its axis {0 if transposed else 1}, for x has {len(pixels)} in {groups}"
            f" group{'s' if groups > 1 else ''}"
        )
        raise ValueError(not_allowed("weight", f"of shape {kernels.shape}", allowed))
    filters = kernels.shape[1] * groups if transposed else len(kernels)
    biases = np.zeros(filters, np.float32) if bias is None else real_array("bias", bias, ("C_out",))
    if len(biases) != filters:
        found = f"of {len(biases)} values"
        raise ValueError(not_allowed("bias", found, f"one value for each of the {filters} filters"))
    return pixels, kernels, biases


def scatter(values: Floats, kernels: Floats, rows: Axis, columns: Axis, groups: int, size: Pair) -> Doubles:
    """Stamp `kernels` `(C, D / groups, kh, kw)` times `values` `(C, h, w)` onto a canvas `(D, *size)`."""
    stamps = kernels.astype(np.float64).reshape(groups, -1, *kernels.shape[1:])
    amounts = values.astype(np.float64).reshape(groups, -1, *values.shape[1:])
    canvas = np.zeros((groups, stamps.shape[2], *size))
    height, width = values.shape[1:]
    for channel in range(stamps.shape[1]):
        for i in range(rows.kernel):
            for j in range(columns.kernel):
                down, across = rows.reads(i, height), columns.reads(j, width)
                canvas[:, :, down, across] += (
                    stamps[:, channel, :, i, j, None, None] * amounts[:, channel, None]
                )
    return canvas.reshape(-1, *size)
