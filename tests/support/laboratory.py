"""A laboratory as a user meets it: walked through with Tab, its player read as text and looked at as pixels."""

import re
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from playwright.sync_api import JSHandle, Locator, Page, Position, expect

from cnn_core.data import datasets, images
from tests.browser.conftest import settled

MOST_TABS = 90  # on no page are there so many controls
STANDS_BEFORE_FOCUS = """control => {
  let focus = document.activeElement;
  while (focus.shadowRoot?.activeElement) focus = focus.shadowRoot.activeElement;
  if (focus === document.body) return false;
  const [here, there] = [focus, control].map((element) => element.getBoundingClientRect());
  return there.bottom <= here.top || (there.top < here.bottom && there.right <= here.left);
}"""
CHANGED = """(canvas, before) => {
  const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const [now, then] = [new Uint32Array(data.buffer), new Uint32Array(before.data.buffer)];
  const at = [...now.keys()].filter((k) => now[k] !== then[k]);
  if (!at.length) return null;
  const [rows, columns] = [at.map((k) => Math.floor(k / width)), at.map((k) => k % width)];
  const [least, most] = ["min", "max"].map((name) => (list) => list.reduce((a, b) => Math[name](a, b)));
  return {
    box: [least(rows), least(columns), most(rows) + 1, most(columns) + 1],
    size: [canvas.height, width],
  };
}"""
MARGIN = 4  # px around a panel's cells, for the frame of a cell at the edge


def walk_to(page: Page, control: Locator) -> None:
    """Press Tab, or Shift and Tab where `control` stands before the focus, until `control` has it."""
    expect(control).to_be_visible()
    key = "Shift+Tab" if control.evaluate(STANDS_BEFORE_FOCUS) else "Tab"
    for _ in range(MOST_TABS):
        if control.evaluate("element => element.matches(':focus')"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"no Tab leads to {control}")


def press(page: Page, control: Locator, *keys: str) -> None:
    """Walk to `control`, then press `keys` one after the other."""
    walk_to(page, control)
    for key in keys:
        page.keyboard.press(key)


def choose(page: Page, label: str, option: str, parameter: str) -> None:
    """Take an option of a select box by typing it, and see that it stands in the link."""
    walk_to(page, page.get_by_role("combobox", name=label, exact=True))
    page.keyboard.type(option)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"[?&]{parameter}={option}(&|$)"))
    settled(page)


def answer(page: Page, **values: object) -> None:
    """Type each value into the field of its name, and hand the answer in with Enter."""
    for label, value in values.items():
        walk_to(page, page.get_by_role("spinbutton", name=label, exact=True))
        page.keyboard.type(str(value))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Next question")).to_be_visible()
    settled(page)


def asked_cell(page: Page, question: str) -> tuple[int, int]:
    """Go on to the next question, which has these words in it; the row and column that it names."""
    press(page, page.get_by_role("button", name="Next question"), "Enter")
    asked = page.get_by_text(question)
    expect(asked).to_be_visible()
    settled(page)
    found = re.search(r"row (\d+), column (\d+)", asked.inner_text())
    assert found, asked.inner_text()
    return int(found[1]), int(found[2])


def verdict(page: Page) -> str:
    """What is said of the answer, with its reason."""
    said = page.get_by_test_id("stMain").get_by_text(re.compile(r"(Right|Not quite)\. ")).inner_text()
    return said.removeprefix("check_circle").removeprefix("cancel").strip()


class Player:
    """The kernel player of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.get_by_role("group", name=re.compile(", player$"))
        self.stage = self.root.get_by_role("application")
        self.line = self.root.get_by_role("status")
        self.note = self.root.get_by_role("paragraph")
        self.where = self.root.get_by_text(re.compile(r"[Cc]ell \d+ of \d+"))
        self.scrub = self.root.get_by_role("slider")
        expect(self.stage).to_be_visible()

    def button(self, name: str) -> Locator:
        """The button that says exactly this."""
        return self.root.get_by_role("button", name=name, exact=True)

    def panel(self, name: str) -> Locator:
        """The picture of a panel."""
        return self.root.get_by_role("figure", name=re.compile(f"^{name}")).locator("canvas")

    def at(self, row: int, column: int, shape: tuple[int, int], *, pinned: bool = False) -> None:
        """Expect the player at an output cell, in its counter and in its arithmetic."""
        index, cells = row * shape[1] + column + 1, shape[0] * shape[1]
        expect(self.where).to_have_text(f"{'Pinned, cell' if pinned else 'Cell'} {index} of {cells}")
        expect(self.line).to_contain_text(f"Row {row}, column {column}: ")

    def go(self, row: int, column: int) -> None:
        """With the keys, from the first cell on."""
        press(self.page, self.stage, "Home", *["ArrowDown"] * row, *["ArrowRight"] * column)

    def sentence(self) -> str:
        """The arithmetic of the cell shown."""
        return self.line.inner_text().split("\n")[0].split(": ", 1)[1]

    def digit(self, size: int = 28) -> np.ndarray:
        """The image `(size, size)` that the player says it shows, from `cnn_core`."""
        label = self.stage.get_attribute("aria-label") or ""
        found = re.search(r" of Digits, test image (\d+): (\d), player$", label)
        assert found, label
        digits = datasets.load("digits")
        number, name = int(found[1]), found[2]
        assert digits.classes[int(digits.y_test[number])] == name
        image: np.ndarray = images.fit(digits.x_test[number], size, 1)[0]
        return image


def centre(canvas: Locator, row: int, column: int, shape: tuple[int, int]) -> Position:
    """The middle of a cell of a panel of `shape`, from the panel's corner."""
    box = canvas.bounding_box()
    assert box is not None
    height, width = ((side - 2 * MARGIN) / cells for side, cells in zip((box["height"], box["width"]), shape))
    return {"x": MARGIN + (column + 0.5) * width, "y": MARGIN + (row + 0.5) * height}


def pixels(canvas: Locator) -> JSHandle:
    """What is drawn in a panel now."""
    return canvas.evaluate_handle("c => c.getContext('2d').getImageData(0, 0, c.width, c.height)")


def changed(canvas: Locator, before: JSHandle, shape: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """The box of the cells that are drawn otherwise than before: first row and column, then behind the last."""
    box = canvas.evaluate(CHANGED, before)
    if box is None:
        return None
    ratio = canvas.evaluate("() => window.devicePixelRatio")
    sizes = [(side - 2 * MARGIN * ratio) / cells for side, cells in zip(box["size"], shape)]
    return tuple(round((at - MARGIN * ratio) / size) for at, size in zip(box["box"], sizes * 2))


def convolved(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """What torch makes of the image, with padding 1."""
    x, weight = torch.from_numpy(image)[None, None], torch.from_numpy(kernel)[None, None]
    return F.conv2d(x, weight, padding=1)[0, 0].numpy()


def strongest(values: np.ndarray) -> tuple[int, int]:
    """The cell with the largest absolute value."""
    row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
    return int(row), int(column)


class Sum(NamedTuple):
    """A printed sum: its products (pixel, weight), its other terms by their name, and what it says it is."""

    products: list[tuple[Decimal, Decimal]]
    named: dict[str, Decimal]
    value: Decimal

    @property
    def total(self) -> Decimal:
        """What the printed terms add up to."""
        return sum((pixel * weight for pixel, weight in self.products), sum(self.named.values(), Decimal(0)))


def number(text: str) -> Decimal:
    """A printed number; its minus is a true one."""
    return Decimal(text.replace("−", "-").replace("∞", "Infinity"))


def near(printed: Decimal, value: float) -> bool:
    """Whether a printed number is `value`, rounded to its digits; float32 leaves something over."""
    last = Decimal(1).scaleb(int(printed.as_tuple().exponent))
    return abs(printed - Decimal(float(value))) <= last / 2 + Decimal("1e-5")


def read_sum(sentence: str) -> Sum:
    """ "0.12 × −1 − 0.50 × 2 + 0.01 (rounding) = −1.11", term by term."""
    left, value = sentence.rsplit(" = ", 1)
    first, *rest = re.split(r" ([+−]) ", left)
    products, named = [], {}
    for sign, term in [("+", first), *zip(rest[::2], rest[1::2])]:
        factor = -1 if sign == "−" else 1
        if name := re.fullmatch(r"(−?[\d.]+) \((.+)\)", term):
            named[name[2]] = factor * number(name[1])
        else:
            pixel, weight = term.split(" × ")
            products.append((factor * number(pixel), number(weight)))
    return Sum(products, named, number(value))
