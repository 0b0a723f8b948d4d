"""Numbers and names as they read on a page: one spelling for all pages.

A page is Markdown nearly everywhere: headings, captions, labels, tooltips, messages. What somebody else wrote (a link,
a title, a file's name, a line of a file, an error that repeats one of them) goes through `as_text` or `sentence` on its
way there, and through `one_line` where no Markdown is read (the options of a select box).
"""

import math
import re
import unicodedata

NO_BREAK = "\u00a0"  # keeps a number and its percent sign on one line
LONGEST_QUOTE = 200  # letters of what somebody else wrote
LONGEST_SENTENCE = 600
UNREADABLE = "\ufffd"  # stands where a letter cannot be seen, or changes what is seen of others
MOST_ACCENTS = 3  # on one letter; a pile of them covers the lines around it
_JOINER = "\u2060"  # has no width: what it stands between is no longer one word to whoever looks for one
# Zero width too, but Persian is spelled with one and families of emoji with the other.
_SPELLING = "\u200c\u200d"
# What Markdown reads as more than a letter, wherever it stands.
_SPECIAL = re.compile(r"[\\`*\[\]<>$~|{}&^]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
# A heading, a quotation, an item of a list: only where a line begins.
_AT_START = re.compile(r"^(?:[#+=-]|\d+(?=[.)]))")
# Streamlit looks for these after Markdown is read, so that no backslash helps: addresses, icons, emoji, arrows.
_WORDS = re.compile(r":(?=[\w+/-])|@(?=\w)|\bwww(?=\.)", re.IGNORECASE)
_ARROWS = re.compile(r"(?<!\S)(?:<->|->|<-|--|>=|<=|~=)(?!\S)")
_FOLDERS = re.compile(r"(?<=['\"])/[^'\"]*/|(?<![\w./:])/(?:[^\s/\"'()]+/)+")


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


def probability(share: float, places: int = 1) -> str:
    """A softmax's share in 0..1 as `percent` spells it: float32 rounds it to 1, but it never is 100 %."""
    return percent(min(float(share), 1 - 1e-12), places)


def count(number: int, what: str) -> str:
    """So many of them: "1 filter", "9,248 filters"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def shape(sizes: tuple[int, ...]) -> str:
    """An array's shape: "3×32×32"."""
    return "×".join(f"{size:,}" for size in sizes)


def one_line(text: str, longest: int = LONGEST_QUOTE) -> str:
    """What somebody else wrote, as one line of letters that can be seen, of `longest` at most; not yet for Markdown.

    Controls, letters without width, those that turn the direction and half letters become `UNREADABLE`.
    """
    letters: list[str] = []
    accents = 0
    for letter in text[: 4 * longest]:  # the rest is cut off anyway
        kind = unicodedata.category(letter)
        accents = accents + 1 if kind in ("Mn", "Me") else 0
        if letter.isspace():
            letters.append(letter if letter == NO_BREAK else " ")
        elif kind[0] == "C" and letter not in _SPELLING:
            letters.append(UNREADABLE)
        elif accents <= MOST_ACCENTS:
            letters.append(letter)
    line = re.sub(" +", " ", "".join(letters)).strip(" ")
    return line if len(line) <= longest and len(text) <= 4 * longest else f"{line[: longest - 1]}…"


def as_text(text: str, longest: int = LONGEST_QUOTE) -> str:
    """What somebody else wrote, for Markdown: it shows the letters of `one_line`, and nothing is made of them.

    No link, picture, formula, icon, emoji, colour, list, heading or HTML, in a label as in a paragraph.
    """
    line = one_line(text, longest)
    line = _ARROWS.sub(lambda arrow: _JOINER.join(arrow[0]), line)
    line = _WORDS.sub(lambda word: word[0] + _JOINER, line)
    line = _SPECIAL.sub(lambda letter: f"\\{letter[0]}", line)
    return _AT_START.sub(lambda first: _at_start(first[0]), line)


def _at_start(first: str) -> str:
    """A sign with a backslash before it, a number with one behind it: before its full stop."""
    return f"{first}\\" if first.isdigit() else f"\\{first}"


def sentence(text: str) -> str:
    """What an error says, as a sentence of a page, for Markdown: all of it as text, its first letter upper case.

    Folders of this machine are left out: of a file only its name is anybody's business.
    """
    words = _FOLDERS.sub("", text[: 4 * LONGEST_SENTENCE])
    return as_text(words[:1].upper() + words[1:], LONGEST_SENTENCE)
