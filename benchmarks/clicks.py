"""From a click to the last change of the page, over the controls of all pages, in Chromium.

    python -m benchmarks.clicks [--times 5] [--only PART-OF-A-NAME]

Each page is opened by its link at 1280×720 and a control of it used as a hand does, there and back. A time is from the
last input of it (pointer or key) to the last change of anything that the page shows: text, picture or chart. Beside it
how many messages the server answered with, about one for an element: each costs the browser some ms, on any machine.
Needs Playwright and a Chromium or Chrome on the path, and an idle machine: the load is printed. Goal: 150 ms at the
median, none over 250.
"""

import argparse
import os
import statistics
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from playwright.sync_api import Error, Page

from benchmarks.changes import answered, at_rest, last_change, messages, watch
from benchmarks.serving import browser, server

MEDIAN_MS, WORST_MS = 150, 250

Hand = Callable[[Page, int], None]  # uses a control; the number says the how manieth time


def choose(key: str, page: Page, time: int) -> None:
    """The next option of a select box, and the one before by turns."""
    box = page.locator(f".st-key-{key} [role=combobox]").first
    box.click()
    page.get_by_role("listbox").wait_for()
    at_rest(page)
    page.keyboard.press("ArrowUp" if time % 2 else "ArrowDown")
    page.keyboard.press("Enter")


def press(selector: str, page: Page, time: int) -> None:
    """A button, or two by turns."""
    buttons = page.locator(selector)
    buttons.first.wait_for()
    buttons.nth(time % min(buttons.count(), 2)).click()


def other(key: str, page: Page, time: int) -> None:
    """The second of some options side by side, and the first by turns."""
    page.locator(f".st-key-{key} button").nth(1 - time % 2).click()


def step(key: str, page: Page, time: int) -> None:
    """One step of a slider to the right, and back by turns."""
    slider = page.locator(f".st-key-{key} input[type=range]").first
    slider.focus()
    slider.press("ArrowLeft" if time % 2 else "ArrowRight")


def up(key: str, page: Page, time: int) -> None:
    """One up in a number field, and down by turns; by keys, for a narrow field has no buttons."""
    page.locator(f".st-key-{key} input").press("ArrowDown" if time % 2 else "ArrowUp")


def stroke(page: Page, time: int) -> None:
    """A stroke down the paper, each one further to the right."""
    box = page.locator("canvas[role=application]").bounding_box()
    assert box is not None
    x = box["x"] + box["width"] * (0.3 + 0.05 * (time % 9))
    page.mouse.move(x, box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(x, box["y"] + 0.7 * box["height"], steps=5)
    page.mouse.up()


class Control(NamedTuple):
    """What is used, on which page, and how; and until when the time runs."""

    name: str
    link: str
    use: Hand
    took: Callable[[Page], float | None] = last_change


SOFTMAX = "activations?act-part=Softmax+and+loss"
RIGHT_CELLS = ".board .cell:is([data-row='3'][data-column='3'], [data-row='5'][data-column='5'])"
CONTROLS = (
    Control("Convolution: kernel", "convolution", partial(choose, "conv-kernel")),
    Control("Convolution: stride", "convolution", partial(choose, "conv-stride")),
    Control("Pooling: window", "pooling", partial(choose, "pool-window")),
    Control("Pooling: shift", "pooling?pool-part=Shift+test", partial(step, "pool-right")),
    Control("Activations: function", "activations", partial(other, "act-function")),
    Control("Activations: temperature", SOFTMAX, partial(step, "act-temperature")),
    Control("Activations: logit", SOFTMAX, partial(step, "act-logit-cat")),
    Control("Activations: lead", "activations?act-part=Softmax+twice", partial(step, "act-margin")),
    Control("Regularization: drop rate", "regularization", partial(step, "reg-p")),
    Control("Regularization: redraw", "regularization", partial(press, ".st-key-reg-redraw button")),
    Control("Regularization: gamma", "regularization?reg-part=Batch+norm", partial(step, "reg-gamma")),
    Control("Regularization: rotation", "regularization?reg-part=Augmentation", partial(step, "reg-rotate")),
    Control("Builder: layer", "builder", partial(press, ".st-key-builder-strip button")),
    Control("Builder: filters", "builder", partial(up, "builder-edit-out_channels")),
    Control("Filters: layer", "filters", partial(other, "filters-layer")),
    Control("Filters: filter", "filters", partial(up, "filters-filter")),
    Control("Feature maps: layer", "feature_maps", partial(other, "maps-layer")),
    Control("Feature maps: another image", "feature_maps", partial(press, ".st-key-maps-image-next button")),
    Control("Feature maps: map", "feature_maps", partial(up, "maps-map")),
    Control("Confusion: cell", "confusion", partial(press, RIGHT_CELLS)),
    Control("Confusion: counts or shares", "confusion", partial(other, "confusion-cells")),
    Control("Draw: stroke to answer", "draw", stroke, answered),
)


def measured(page: Page, control: Control, times: int) -> tuple[list[float], int]:
    """Milliseconds of each use, those left out that changed nothing, and the most messages; the first two warm up."""
    found, most = [], 0
    for number in range(times + 2):
        messages(page)
        control.use(page, number)
        took = control.took(page)
        most = max(most, messages(page))
        if number >= 2 and took is not None:
            found.append(took)
    return found, most


def main() -> None:
    """Use every control and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=5, help="how often each control is used")
    parser.add_argument("--only", default="", help="a part of the names of those to measure")
    arguments = parser.parse_args()
    medians: list[float] = []
    worst = 0.0
    with server() as (port, _), browser() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(20_000)
        watch(page)
        print(f"{'control':<32} {'median ms':>10} {'worst ms':>9} {'messages':>9} {'load':>6}")
        for control in CONTROLS:
            if arguments.only not in control.name:
                continue
            page.goto(f"http://127.0.0.1:{port}/{control.link}")
            page.locator("h1").first.wait_for()
            try:
                at_rest(page)
                times, most = measured(page, control, arguments.times)
            except Error as error:
                print(f"{control.name:<32} not measured: {error.message.splitlines()[0]}", flush=True)
                continue
            load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"
            if not times:
                print(f"{control.name:<32} changed nothing {load:>12}", flush=True)
                continue
            medians.append(statistics.median(times))
            worst = max(worst, *times)
            met = "" if medians[-1] <= MEDIAN_MS and max(times) <= WORST_MS else "  NOT met"
            print(
                f"{control.name:<32} {medians[-1]:>10.0f} {max(times):>9.0f} {most:>9} {load:>6}{met}",
                flush=True,
            )
    if medians:
        print(f"{'all':<32} {statistics.median(medians):>10.0f} {worst:>9.0f}")


if __name__ == "__main__":
    main()
