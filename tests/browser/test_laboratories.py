"""Convolution and pooling by keyboard alone: choose, step, pin, predict; every number against torch on that image."""

import re
from decimal import Decimal

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from playwright.sync_api import Page, expect

from cnn_core.operations import kernels
from tests.browser.conftest import Server, no_exception, settled, visit
from tests.support.laboratory import (
    Player,
    answer,
    asked_cell,
    choose,
    convolved,
    near,
    number,
    press,
    read_sum,
    strongest,
    verdict,
)

EMBOSSED = re.compile(r": [\d.]+ × −2 [+−]")  # the first weight of the kernel, which another kernel has not

HIDDEN = re.compile(r" = \?$", re.MULTILINE)


def test_convolution_step_and_pin(shared_server: Server, page: Page) -> None:
    visit(
        page,
        f"{shared_server.url}/convolution?conv-image-dataset=Digits&conv-image-number=7&conv-exact=true&conv-part=PyTorch",
    )
    choose(page, "Kernel", "Emboss", "conv-kernel")
    player = Player(page)
    expect(player.line).to_contain_text(EMBOSSED)
    image, kernel = player.digit(), kernels.make("emboss", 3)
    output = convolved(image, kernel)
    shape = output.shape

    for key, row, column in [
        ("Home", 0, 0),
        ("ArrowLeft", 0, 0),
        ("ArrowRight", 0, 1),
        ("ArrowDown", 1, 1),
        ("End", 27, 27),
        ("ArrowUp", 26, 27),
        ("ArrowRight", 27, 0),
        ("ArrowLeft", 26, 27),
    ]:
        press(page, player.stage, key)
        player.at(row, column, shape)
    press(page, player.scrub, "Home", "ArrowRight", "ArrowRight")
    player.at(0, 2, shape)
    press(page, player.button("Step back"), "Enter")
    player.at(0, 1, shape)
    press(page, player.stage, "Space")
    expect(player.button("Pause")).to_be_visible()
    expect(player.where).to_have_text("Cell 3 of 784")
    page.keyboard.press("Space")
    expect(player.button("Play")).to_be_visible()

    # The strongest cell of those whose printed products miss the printed value: it needs a term for that.
    misses = np.abs(convolved(image.round(2), kernel) - output.round(2)) > 0.005
    row, column = strongest(np.where(misses, output, 0))
    player.go(row, column)
    page.keyboard.press("Enter")
    player.at(row, column, shape, pinned=True)
    expect(page).to_have_url(re.compile(rf"[?&]conv-cell={row}(,|%2C){column}(&|$)"))
    settled(page)
    window = np.pad(image, 1)[row : row + 3, column : column + 3]
    printed = read_sum(player.sentence())
    assert printed.total == printed.value
    assert abs(printed.named["rounding"]) < Decimal("0.1")
    assert near(printed.value, output[row, column])
    assert abs(printed.value) > 1
    assert [float(weight) for _, weight in printed.products] == kernel.ravel().tolist()
    assert all(near(pixel, x) for (pixel, _), x in zip(printed.products, window.ravel(), strict=True))

    press(page, page.get_by_role("tab", name="PyTorch"), "ArrowLeft")  # to Numbers
    together = page.get_by_text(re.compile("Channel sums: .* together")).locator("strong")
    assert float(number(together.inner_text())) == pytest.approx(output[row, column], abs=1e-5)

    link = page.url
    press(page, player.stage, "Escape")
    player.at(row, column, shape)
    expect(page).not_to_have_url(re.compile("conv-cell"))
    visit(page, link)
    Player(page).at(row, column, shape, pinned=True)
    no_exception(page)


def test_convolution_predict_first(shared_server: Server, page: Page) -> None:
    visit(
        page,
        f"{shared_server.url}/convolution?conv-image-dataset=Digits&conv-image-number=7&conv-exact=true&conv-cell=0,0",
    )
    choose(page, "Kernel", "Emboss", "conv-kernel")
    player = Player(page)
    expect(player.line).to_contain_text(EMBOSSED)
    output = convolved(player.digit(), kernels.make("emboss", 3))
    press(page, page.get_by_role("switch", name="Predict first"), "Space")
    expect(page).to_have_url(re.compile("conv-predict=true"))
    settled(page)

    size = page.get_by_text("⌊(28 + 2·1 − 1·(3 − 1) − 1) / 1⌋ + 1 = ⌊27 / 1⌋ + 1 = 28")
    expect(size).to_have_count(0)
    expect(player.where).to_have_count(0)  # the number of cells would tell
    answer(page, Rows=28, Columns=28)
    assert verdict(page).startswith("Right. Rows ")
    expect(size.first).to_be_visible()

    row, column = asked_cell(page, "What is its value?")
    player.at(row, column, output.shape, pinned=True)
    expect(player.line).to_have_text(HIDDEN, use_inner_text=True)
    answer(page, Value=f"{output[row, column]:.2f}")
    said = re.fullmatch(
        r"Right\. The positive products sum to ([\d.]+), the negative ones to (−?[\d.]+):"
        r" ([\d.]+) − ([\d.]+)(?: ([+−]) ([\d.]+) \(rounding\))? = (−?[\d.]+)\.",
        verdict(page),
    )
    assert said, verdict(page)
    up, down, again, minus, sign, rounding, value = said.groups()
    assert (up, down) == (again, f"−{minus}" if number(minus) else minus)
    assert number(up) - number(minus) + number(f"{sign or ''}{rounding or 0}".lstrip("+")) == number(value)
    assert near(number(value), output[row, column])
    player.at(row, column, output.shape, pinned=True)  # the verdict is about it, not about the linked cell
    expect(player.line).not_to_contain_text("= ?")
    assert read_sum(player.sentence()).value == number(value)

    press(page, page.get_by_role("button", name="Next question"), "Enter")
    expect(page.get_by_text("how many parameters")).to_be_visible()
    settled(page)
    answer(page, Parameters=9)
    assert verdict(page).startswith("Not quite. ")
    assert verdict(page).endswith("1 × (1 × 3 × 3 + 1) = 10.")
    no_exception(page)


def pooled(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Largest values of 3×3 windows, 2 apart, with padding 1, and how many pixels a gradient reaches."""
    x = torch.from_numpy(image)[None, None].requires_grad_()
    largest = F.max_pool2d(x, 3, 2, 1)
    largest.sum().backward()
    return largest[0, 0].detach().numpy(), int((x.grad != 0).sum())


def read_max(sentence: str) -> tuple[list[Decimal], Decimal]:
    """ "max(0.12, 0.50) = 0.50" as its numbers and its value."""
    values, value = re.fullmatch(r"max\((.*)\) = (−?[\d.]+)", sentence).groups()
    return [number(each) for each in values.split(", ")], number(value)


def set_pooling(page: Page, server: Server, more: str = "") -> Player:
    """The page with windows of 3, 2 apart, with padding 1."""
    visit(page, f"{server.url}/pooling?pool-image-dataset=Digits&pool-image-number=7{more}")
    for label, value in [("Window", "3"), ("Stride", "2"), ("Padding", "1")]:
        choose(page, label, value, f"pool-{label.lower()}")
    player = Player(page)
    expect(player.root.get_by_role("figure", name="Max 14 × 14")).to_be_visible()
    return player


def test_pooling_step_and_pin(shared_server: Server, page: Page) -> None:
    player = set_pooling(page, shared_server, "&pool-part=PyTorch")
    image = player.digit()
    output, _ = pooled(image)
    mean = F.avg_pool2d(torch.from_numpy(image)[None, None], 3, 2, 1)[0, 0].numpy()
    shape = output.shape

    for key, row, column in [("End", 13, 13), ("ArrowUp", 12, 13), ("ArrowRight", 13, 0), ("Home", 0, 0)]:
        press(page, player.stage, key)
        player.at(row, column, shape)
    assert read_max(player.sentence())[0].count(Decimal("-Infinity")) == 5  # padding never wins

    row, column = strongest(output - mean)
    player.go(row, column)
    page.keyboard.press("Enter")
    player.at(row, column, shape, pinned=True)
    expect(page).to_have_url(re.compile(rf"[?&]pool-cell={row}(,|%2C){column}(&|$)"))
    settled(page)
    window = np.pad(image, 1)[2 * row : 2 * row + 3, 2 * column : 2 * column + 3]
    values, value = read_max(player.sentence())
    assert all(near(printed, x) for printed, x in zip(values, window.ravel(), strict=True))
    assert value == max(values)
    assert near(value, output[row, column])
    average = re.search(r"On the same window: average (−?[\d.]+), ", player.line.inner_text())
    assert near(number(average[1]), mean[row, column])

    press(page, page.get_by_role("tab", name="PyTorch"), "ArrowLeft")  # to Numbers
    table = page.get_by_text(re.compile("Largest value .* mean")).locator("strong")
    assert float(number(table.first.inner_text())) == pytest.approx(output[row, column], abs=1e-5)
    assert float(number(table.last.inner_text())) == pytest.approx(mean[row, column], abs=1e-5)
    no_exception(page)


def test_pooling_predict_first(shared_server: Server, page: Page) -> None:
    player = set_pooling(page, shared_server, "&pool-cell=0,0")
    output, reached = pooled(player.digit())
    press(page, page.get_by_role("switch", name="Predict first"), "Space")
    expect(page).to_have_url(re.compile("pool-predict=true"))
    settled(page)
    answer(page, Rows=15, Columns=14)
    assert verdict(page).startswith("Not quite. Rows = ")
    assert verdict(page).endswith("= 14.")

    row, column = asked_cell(page, "What does max pooling make of it?")
    player.at(row, column, output.shape, pinned=True)
    expect(player.line).to_have_text(HIDDEN, use_inner_text=True)
    answer(page, Value=f"{output[row, column]:.2f}")
    said = re.match(
        r"Right\. The largest value of its window is ([\d.]+), at row (\d+), column (\d+)\.", verdict(page)
    )
    assert said, verdict(page)
    assert near(number(said[1]), output[row, column])
    assert player.digit()[int(said[2]), int(said[3])] == output[row, column]
    player.at(row, column, output.shape, pinned=True)  # the verdict is about it, not about the linked cell
    expect(player.line).not_to_contain_text("= ?")
    assert read_max(player.sentence())[1] == number(said[1])

    press(page, page.get_by_role("button", name="Next question"), "Enter")
    expect(page.get_by_text("How many of the 784 pixels")).to_be_visible()
    settled(page)
    answer(page, Pixels=reached)
    assert verdict(page).startswith(f"Right. {reached}: ")
    no_exception(page)
