"""Arrays as text that fits into a link and into a text field: "-1 0 1; -2 0 2", channels by "|", filters by "/"."""

import re

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Floats, not_allowed

LARGEST = 10_000.0  # a number beyond it is a slip, and would not fit its cell
LONGEST = 20_000  # letters; 4 filters of 4 channels with 7 × 7 weights are some 12,000
LONGEST_SHOWN = 20  # letters of an entry that is no number
WITH_COMMA = re.compile(r"[+−-]?[0-9]+(?:,[0-9]+)?")  # "0,5" and "1"


def write(array: npt.ArrayLike) -> str:
    """A 2-D, 3-D or 4-D array in the fewest digits that give the same float32 values back."""
    values = np.asarray(array, np.float32)
    if values.ndim > 2:
        return (" / " if values.ndim == 4 else " | ").join(write(part) for part in values)
    return "; ".join(" ".join(short(value) for value in row) for row in values)


def short(value: np.float32) -> str:
    """One number: 1, -0.5, 0.11111111."""
    return np.format_float_positional(value, unique=True, trim="-")


def read_matrix(text: str, most: int) -> Floats:
    """A matrix of at most `most` rows and columns; ValueError with a sentence where the text is none."""
    rows = _rows(_checked(text))
    if len({len(row) for row in rows}) > 1:
        lengths = ", ".join(str(len(row)) for row in rows[: most + 1])
        raise ValueError(f"Every row needs as many numbers as the others; the rows have {lengths}.")
    if len(rows) > most or len(rows[0]) > most:
        raise ValueError(f"At most {most} rows and columns; there are {len(rows)} × {len(rows[0])}.")
    return np.array([[number(entry) for entry in row] for row in rows], np.float32)


def _checked(text: str) -> str:
    """The text itself; a ValueError with a sentence where it is longer than any that is written here."""
    if len(text) > LONGEST:
        raise ValueError(not_allowed("The text", f"{len(text):,} letters long", f"{LONGEST:,} at most"))
    return text


def _rows(text: str) -> list[list[str]]:
    """The entries of each row, written with a decimal point.

    A comma stands between two numbers, or is a decimal comma: where blanks stand between the numbers, no number has a
    point, and none has a second comma ("0,5 1,5").
    """
    rows = [row.strip() for row in text.strip().strip(";").split(";")]
    split = [[entry.removesuffix(",") for entry in row.split()] for row in rows]
    entries = [entry for row in split for entry in row]
    if len(entries) > len(rows) and all(WITH_COMMA.fullmatch(entry) for entry in entries):
        return [[entry.replace(",", ".") for entry in row] for row in split]
    return [re.split(r"[\s,]+", row) for row in rows]


def number(entry: str) -> float:
    """One entry as a number; ValueError with a sentence where it is none or too large."""
    shown = entry if len(entry) <= LONGEST_SHOWN else f"{entry[:LONGEST_SHOWN]}…"
    try:
        value = float(entry.replace("−", "-"))
    except ValueError:
        raise ValueError(f'"{shown}" is not a number.' if entry else "A number is missing.") from None
    if not abs(value) <= LARGEST:
        raise ValueError(f"Numbers go from −{LARGEST:,.0f} to {LARGEST:,.0f}; {shown} does not.")
    return value


def read_weights(text: str, shape: tuple[int, int, int, int]) -> Floats:
    """Weights of `shape` `(F, C, kh, kw)`; ValueError with a sentence where the text has another shape."""
    wanted = f"{shape[0]} × {shape[1]} × {shape[2]} × {shape[3]}"
    wrong = ValueError(f"The weights have to be {wanted} (filters × channels × rows × columns).")
    parts = [one.split("|") for one in _checked(text).split("/")]
    if {len(parts), *map(len, parts)} - {shape[0], shape[1]}:
        raise wrong
    filters = [[read_matrix(part, 7) for part in one] for one in parts]
    shapes = {(len(filters), len(channels), *part.shape) for channels in filters for part in channels}
    if shapes != {shape}:
        raise wrong
    return np.array(filters, np.float32)
