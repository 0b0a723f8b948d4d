"""What is asked of a filter: how many weights it has."""

from cnn_core.inside.filters import FilterBank
from pages.inside.filters.keys import Key
from pages.ui.predict import Choice, Question


def weights_question(bank: FilterBank, layer: str) -> Question:
    """The weights of one filter of the layer; the wrong answers forget the channels, or count every filter."""
    height, width = bank.weight.shape[2:]
    return Question(
        f"{Key.GUESS}-{layer}-{bank.filters}-{bank.channels}-{height}-{width}",
        f"Predict: how many weights has **one** filter of {layer}?",
        Choice(tuple(f"{guess:,}" for guess in bank.weight_guesses()), f"{bank.weights_per_filter:,}"),
        f"A filter of {layer} is {height} × {width} × {bank.channels} = {bank.weights_per_filter:,} weights, a"
        f" {height} × {width} kernel for each of the {bank.channels} channels that it reads, all added up into **one**"
        f" feature map. The layer has {bank.parameters_text()} parameters and gives {bank.filters} maps.",
    )
