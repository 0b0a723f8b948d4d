"""What a component says was clicked, taken for what it is: sent by a browser, which may send anything."""

from collections.abc import Sequence


def places(value: object, counts: Sequence[int]) -> tuple[int, ...] | None:
    """As many whole numbers as there are `counts`, each from 0 to below its count; None for anything else."""
    if not isinstance(value, list | tuple) or len(value) != len(counts):
        return None
    if not all(
        isinstance(number, int) and 0 <= number < count for number, count in zip(value, counts, strict=True)
    ):
        return None
    return tuple(int(number) for number in value)
