"""Numbers and names as pages spell them."""

import numpy as np
import pytest

from pages.ui import words


@pytest.mark.parametrize(
    ("share", "places", "text"),
    [
        (0.9924, 2, "99.24 %"),
        (0.98312, 1, "98.3 %"),
        (0.0, 1, "0.0 %"),
        (1.0, 1, "100.0 %"),
        (0.99951, 1, ">99.9 %"),  # not the 100 % that it is not
        (0.99949, 1, "99.9 %"),
        (0.996, 0, ">99 %"),
        (0.99996, 2, ">99.99 %"),
        (1.414, 0, "141 %"),
        (-0.25, 0, "−25 %"),
        (np.float32(0.5), 1, "50.0 %"),
    ],
)
def test_a_percentage_never_claims_more_than_the_number(share: float, places: int, text: str) -> None:
    assert words.percent(share, places) == text.replace(" ", "\u00a0")


def test_a_probability_is_never_all_of_it() -> None:
    assert words.probability(np.float32(1)) == ">99.9\u00a0%"
    assert words.probability(1.0, 2) == ">99.99\u00a0%"
    assert words.probability(0.983) == "98.3\u00a0%"


def test_numbers_have_a_minus_sign_and_no_exponent() -> None:
    assert words.plain(-0.5) == "−0.50"
    assert words.plain(np.float32(2), 1) == "2.0"
    assert words.minus("-1 to -2") == "−1 to −2"
    assert words.tiny(2.4e-7) == "0.00000024"
    assert words.tiny(0.0) == "0"


def test_counts_and_shapes() -> None:
    assert words.count(1, "filter") == "1 filter"
    assert words.count(9248, "parameter") == "9,248 parameters"
    assert words.count(0, "image") == "0 images"
    assert words.shape((3, 32, 32)) == "3×32×32"
    assert words.shape((1024,)) == "1,024"


JOINER = "\u2060"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("fashion_mnist-3conv · 98 % (a, b): 1.5", "fashion_mnist-3conv · 98 % (a, b): 1.5"),
        ("[Sign in](https://a.b)", rf"\[Sign in\](https:{JOINER}//a.b)"),
        ("![x](y) **b** _i_ $x$ ~s~ `c` <b> a|b", r"!\[x\](y) \*\*b\*\* \_i\_ \$x\$ \~s\~ \`c\` \<b\> a\|b"),
        ("WWW.a.b, me@a.b", f"WWW{JOINER}.a.b, me@{JOINER}a.b"),
        (":material/home: :red[a] :+1:", rf":{JOINER}material/home: :{JOINER}red\[a\] :{JOINER}+1:"),
        ("a -> b", rf"a -{JOINER}\> b"),
        ("&lt; \\", r"\&lt; \\"),
        ("# a", r"\# a"),
        ("- a", r"\- a"),
        ("12. a", r"12\. a"),
        ("a\n\n# b\n- c", "a # b - c"),
        ("  \t a \r\n", "a"),
        ("a\x00b\u202ec\u200bd\ud800e", "a\ufffdb\ufffdc\ufffdd\ufffde"),
        ("n\u00a0%", "n\u00a0%"),
        ("Z" + "\u0301" * 9, "Z" + "\u0301" * 3),
        ("", ""),
    ],
)
def test_what_comes_from_outside_is_shown_letter_by_letter(text: str, shown: str) -> None:
    assert words.as_text(text) == shown


def test_what_comes_from_outside_has_a_length() -> None:
    assert words.one_line("a" * 200) == "a" * 200
    assert words.one_line("a" * 201) == "a" * 199 + "…"
    assert words.one_line(" " * 10_000_000) == "…"
    assert words.as_text("*" * 10_000_000, 5) == r"\*\*\*\*…"
    assert len(words.sentence("a" * 10_000_000)) == words.LONGEST_SENTENCE


def test_a_sentence_begins_with_a_capital_and_keeps_its_names() -> None:
    assert words.sentence("mnist-3Conv is not there") == "Mnist-3Conv is not there"
    assert words.sentence("") == ""
    assert words.sentence("'*A*' is no run") == r"'\*A\*' is no run"


def test_a_sentence_names_no_folder_of_the_server() -> None:
    assert words.sentence("in '/srv/app data/runs/a.json'") == "In 'a.json'"
    assert words.sentence("[Errno 2] no file: '/root/.convlens/runs/x/card.json'") == (
        r"\[Errno 2\] no file: 'card.json'"
    )
    assert words.sentence("1/2/3 of the T-shirt/top class") == "1/2/3 of the T-shirt/top class"
