"""What is asked of a convolution: the output's size, a cell's value, the number of parameters."""

from functools import partial

import numpy as np

from pages.operations.convolution.keys import Key
from pages.operations.convolution.situation import Situation
from pages.ui.predict import Numbers, Question, digest
from pages.ui.window.player import Cell
from pages.ui.window.questions import Quiz, cell_worth_asking, size_answer, value_answer
from pages.ui.words import count, minus

KINDS = ("size", "value", "parameters")


def quiz(situation: Situation) -> Quiz:
    """The questions about this situation; values are asked of the third of cells that answer strongest."""
    strongest = partial(cell_worth_asking, np.abs(situation.seen.output), 3)
    return Quiz(Key, KINDS, situation.signature, strongest, partial(question, situation))


def question(situation: Situation, kind: str, cell: Cell) -> Question:
    """The question of a kind, with its answer and the reason."""
    key = f"{Key.QUESTION}-{kind}-{digest(situation.signature, cell if kind == 'value' else None)}"
    if kind == "size":
        height, width = situation.given.image.shape[1:]
        rows_text, columns_text = situation.size_text()
        return Question(
            key,
            f"how many rows and columns does the output of {height} × {width} pixels have?",
            size_answer(situation.seen.output.shape),
            f"Rows {rows_text}; columns {columns_text}.",
        )
    if kind == "value":
        return Question(
            key,
            f"window and kernel of row {cell[0]}, column {cell[1]} are shown. What is its value?",
            value_answer(float(situation.seen.output[cell])),
            value_reason(situation, cell),
        )
    rows, columns = situation.kernel_size
    filters, channels = situation.settings.filters, len(situation.given.channels)
    return Question(
        key,
        f"how many parameters have {count(filters, 'filter')} of {rows} × {columns} on"
        f" {count(channels, 'channel')}, biases included?",
        Numbers({"Parameters": situation.parameters}),
        f"Filters × (channels read × rows × columns + 1 bias): {situation.parameters_text}.",
    )


def value_reason(situation: Situation, cell: Cell) -> str:
    """The positive products, the negative ones, the bias: they add up as printed."""
    printed = situation.trace(*cell).printed(2)
    up = sum((product for product in printed.products if product > 0), start=0 * printed.value)
    down = sum((product for product in printed.products if product < 0), start=0 * printed.value)
    terms = f"The positive products sum to {up}, the negative ones to {down}: {up} − {-down}"
    for amount, name in ((printed.bias, "bias"), (printed.rounding, "rounding")):
        if amount:
            terms += f" {'−' if amount < 0 else '+'} {abs(amount)} ({name})"
    return minus(f"{terms} = {printed.value}.")
