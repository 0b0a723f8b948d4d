"""How runs are told apart in every picture: a letter, a colour, and beyond five of them a broken line."""

from pages.train.runs.choice import LETTERS
from pages.ui.charts import SERIES

COLOURS = {letter: SERIES[place % len(SERIES)] for place, letter in enumerate(LETTERS)}
DASHED = LETTERS[len(SERIES) :]
SOLID, BROKEN = [1, 0], [6, 3]
DASHES = {letter: BROKEN if letter in DASHED else SOLID for letter in LETTERS}
