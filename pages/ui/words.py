"""Numbers and names as they read on a page: one spelling for all pages."""

import math

NO_BREAK = "\u00a0"  # keeps a number and its percent sign on one line
SPECIAL = r"\`*_{}[]()#+-.!|<>$:~"  # what Markdown reads as more than a letter


def minus(text: str) -> str:
    """A number's text with the minus sign in place of the hyphen."""
    return text.replace("-", "−")


def plain(value: float, places: int = 2) -> str:
    """A number with as many places: "−0.50"."""
    return minus(f"{value:.{places}f}")


def tiny(value: float) -> str:
    """A small number, 0 or more, without an exponent: two digits that count, as in 0.00000024."""
    places = max(2, 1 - math.floor(math.log10(value))) if value > 0 else 0
    return f"{value:.{places}f}"


def percent(share: float, places: int = 1) -> str:
    """A share in 0..1: "98.3 %". One below 1 is never rounded to the 100 % that it is not: ">99.9 %"."""
    most = 1 - 0.5 * 10.0 ** -(places + 2)
    if most <= share < 1:
        return f">{100 - 10.0**-places:.{places}f}{NO_BREAK}%"
    return f"{minus(f'{100 * share:.{places}f}')}{NO_BREAK}%"


def count(number: int, what: str) -> str:
    """So many of them: "1 filter", "9,248 filters"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def shape(sizes: tuple[int, ...]) -> str:
    """An array's shape: "3×32×32"."""
    return "×".join(f"{size:,}" for size in sizes)


def as_text(title: str) -> str:
    """A title that Markdown shows as it is: a model's comes from whoever trained it."""
    return "".join(f"\\{letter}" if letter in SPECIAL else letter for letter in title)


def sentence(text: str) -> str:
    """An error's text as a sentence of the page: its first letter upper case, the rest as it is."""
    return text[:1].upper() + text[1:]
