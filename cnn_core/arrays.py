"""Arrays by one name everywhere: their types, what an argument has to be, and one sentence for one that is wrong.

Images in a network are float32 `(C, H, W)` in 0..1, on disk and in a file uint8 `(H, W, C)`.
"""

from collections.abc import Sequence
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Reals = NDArray[np.floating]
"""float32 or float64, whichever was given."""
Integers = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]

Pair = tuple[int, int]
"""(rows, columns)."""
IntOrPair = int | Sequence[int]


def not_allowed(name: str, found: object, allowed: str) -> str:
    """The one sentence on a wrong argument: "stride is 0; allowed is an integer of 1 or more."

    `found` is its value, or in words what is wrong about it; `allowed` may go on with the reason.
    """
    return f"{name} is {found}; allowed is {allowed}."


def is_whole(value: object) -> bool:
    """Whether `value` is an integer, NumPy's included; True and False are none."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def pair(name: str, value: IntOrPair, least: int) -> Pair:
    """`value` as (rows, columns); an integer stands for both. ValueError says if it is below `least`."""
    values = (value, value) if isinstance(value, Integral) else value
    if (
        isinstance(values, str)
        or not isinstance(values, Sequence | np.ndarray)
        or len(values) != 2
        or any(not is_whole(v) or v < least for v in values)
    ):
        allowed = f"an integer of {least} or more, or a pair (rows, columns) of them"
        raise ValueError(not_allowed(name, repr(value), allowed))
    return int(values[0]), int(values[1])


def real_array(name: str, value: ArrayLike, axes: tuple[str, ...]) -> Floats:
    """`value` as float32 with the named axes, none of them empty; ValueError names `name` otherwise."""
    try:
        array = np.asarray(value)
    except ValueError:  # a ragged list
        array = np.asarray(None)
    allowed = f"real numbers of shape ({', '.join(axes)}), none of them 0"
    if array.dtype.kind not in "fiub":
        raise ValueError(not_allowed(name, f"a {type(value).__name__}", allowed))
    if array.ndim != len(axes) or 0 in array.shape:
        raise ValueError(not_allowed(name, f"of shape {array.shape}", allowed))
    return array.astype(np.float32, copy=False)


def to_float(images: Bytes) -> Floats:
    """Images uint8 `(..., H, W, C)` in 0..255 as a network takes them: float32 `(..., C, H, W)` in 0..1."""
    return np.ascontiguousarray(np.moveaxis(images, -1, -3), np.float32) / np.float32(255)
