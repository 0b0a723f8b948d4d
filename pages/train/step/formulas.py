"""Numbers in formulas: as many digits as matter, powers of ten where they are small."""

import math


def number(value: float, digits: int = 5) -> str:
    """A number in LaTeX with so many significant digits: "0.01234", "1.2345 \\times 10^{-7}"."""
    if not math.isfinite(value):
        return r"\text{NaN}" if math.isnan(value) else (r"\infty" if value > 0 else r"-\infty")
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa


def factor(value: float, digits: int = 5) -> str:
    """The same where something stands before it: a negative one in brackets."""
    text = number(value, digits)
    return f"({text})" if value < 0 or "times" in text else text
