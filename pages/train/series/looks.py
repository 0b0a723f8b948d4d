"""What an experiment's charts share: a colour for each variant, and their height."""

from collections.abc import Sequence

from pages.ui.charts import SERIES

HEIGHT = 330  # px
DASHES = ((1, 0), (7, 4), (2, 3))  # of the first five variants, the next five, the rest


def colours_of(names: Sequence[str]) -> dict[str, str]:
    """A colour for each variant; from the sixth on they begin again, with another dash."""
    return {name: SERIES[index % len(SERIES)] for index, name in enumerate(names)}


def dash_of(index: int) -> list[int]:
    """The dash of the variant in this place."""
    return list(DASHES[min(index // len(SERIES), len(DASHES) - 1)])
