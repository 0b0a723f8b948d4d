"""The workbench from end to end, by mouse and by keyboard: build, train, pause, step, resume, compare, travel."""

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from cnn_core.runs import history
from tests.browser.conftest import no_exception
from tests.support.student import PATIENCE, TRAINED, Student, page_link, run_in

LONG, SHORT = 200, 2  # epochs: one that is paused on its way, one that is waited for


class Hand(NamedTuple):
    """How somebody presses what has a name, and moves a slider to its beginning."""

    press: Callable[[Page, Locator], None]
    to_start: Callable[[Page, Locator], None]


def _click(_page: Page, what: Locator) -> None:
    what.click()


def _key(page: Page, what: Locator) -> None:
    what.focus()
    page.keyboard.press("Enter")


def _drag(page: Page, slider: Locator) -> None:
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 20, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()


def _home(page: Page, slider: Locator) -> None:
    slider.focus()
    page.keyboard.press("Home")


HANDS = {"mouse": Hand(_click, _drag), "keyboard": Hand(_key, _home)}


@pytest.mark.parametrize("by", HANDS)
def test_build_train_pause_step_resume_compare_travel(student: Student, by: str) -> None:
    page, main, hand = student.page, student.main, HANDS[by]

    def press(name: str, within: Locator = main) -> None:
        hand.press(page, within.get_by_role("button", name=name, exact=True).last)

    def go(title: str) -> None:
        hand.press(page, page_link(page, title))
        student.arrived(title)

    def pick(label: str, option: str) -> None:
        """With the keyboard: type it, and Enter."""
        if by == "mouse":
            student.choose(label, option)
            return
        box = page.get_by_role("combobox", name=label, exact=True)
        box.focus()
        page.keyboard.press("ArrowDown")
        box.press_sequentially(option)
        expect(page.get_by_role("option", name=option, exact=True)).to_be_visible()
        page.keyboard.press("Enter")
        student.settled()

    def started(before: str = "") -> str:
        press("Train")
        page.wait_for_url(lambda url: run_in(url) not in ("", before), timeout=TRAINED)
        return run_in(page.url)

    def ended(run: str) -> None:
        link = main.get_by_role("link", name="Confusion matrix").and_(page.locator(f"a[href*='{run}']"))
        expect(link).to_be_visible(timeout=TRAINED)
        student.settled()

    # Build: another dataset, one more layer behind the first.
    go("Builder")
    pick("Dataset", "Digits")
    cards = student.strip.get_by_role("button")
    first = student.layer("conv1")
    hand.press(page, first)
    expect(first).to_have_attribute("aria-pressed", "true")
    student.settled()
    layers = cards.count()
    pick("Add a layer after conv1", "BatchNorm")
    expect(cards).to_have_count(layers + 1)
    student.put("Epochs", LONG)

    # Train, and pause: how far it is stays.
    run = started()
    expect(main.get_by_text("images/s").first).to_be_visible(timeout=TRAINED)
    expect(main.get_by_text(re.compile(r"Epoch \d+ of 200")).first).to_be_visible()
    press("Pause")
    expect(main.get_by_role("button", name="Resume")).to_be_visible(timeout=PATIENCE)
    paused = history.read(student.home / "runs" / run)
    assert paused.status == "paused"
    assert paused.batches

    # Meanwhile one step of the very network, opened.
    go("One training step")
    counted = main.get_by_test_id("stMarkdown").filter(has_text=re.compile(r"^Step \d+ · epoch"))
    expect(counted).to_contain_text("Step 1 · epoch 1")
    press("Next")
    expect(main.get_by_text("The loss of the batch")).to_be_visible()
    student.settled()
    press("+10")
    expect(counted).to_contain_text("Step 11 ·")
    student.settled()

    # Resume, and stop: it went on from there, and kept what it was.
    go("Builder")
    press("Resume")
    expect(main.get_by_role("button", name="Stop", exact=True)).to_be_visible(timeout=TRAINED)
    places = len(paused.batches)
    for _ in range(600):
        if len(history.read(student.home / "runs" / run).batches) > places:
            break
        page.wait_for_timeout(200)
    else:
        pytest.fail("it does not go on")
    press("Stop")
    ended(run)
    stopped = history.read(student.home / "runs" / run)
    assert stopped.status == "stopped"
    assert stopped.has_model
    assert stopped.batches[:places] == paused.batches
    steps = [(batch["epoch"], batch["step"]) for batch in stopped.batches]
    assert steps == sorted(set(steps)), "a batch is there twice or out of turn"

    # A second one with another optimizer, and both laid over one another.
    pick("Optimizer", "SGD")
    student.put("Epochs", SHORT)
    second = started(run)
    ended(second)
    go("Runs")
    expect(main.get_by_role("checkbox", checked=True)).to_have_count(2)  # the newest two
    press_tab(hand, page, main, "Settings")
    differing = main.locator("table").filter(has_text="SGD")
    expect(differing.first).to_be_visible()
    for words in ("Adam", str(LONG), str(SHORT)):
        expect(differing.first).to_contain_text(words)

    # Back through the first one's epochs.
    go("Time travel")
    slider = page.get_by_role("slider", name="Moment of the training")
    expect(slider).to_be_visible(timeout=PATIENCE)
    student.settled()
    status = page.locator(".travel .status")
    expect(status).to_contain_text("After epoch")
    hand.to_start(page, slider)
    expect(status).to_contain_text("Untrained:")
    no_exception(page)


def press_tab(hand: Hand, page: Page, main: Locator, name: str) -> None:
    """Open a part of a page."""
    hand.press(page, main.get_by_role("tab", name=name, exact=True))
