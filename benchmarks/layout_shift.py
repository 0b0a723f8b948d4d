"""How much every page shifts while it loads, and when its first picture stands, in Chromium.

    python -m benchmarks.layout_shift [--only PAGE] [--why]

Each page is opened by its link in a new tab, then reached from the page before it by the menu, at 1280×720 and at
853×480 (a 720p projector at 150 % zoom). Shift is the sum of Chromium's layout-shift entries until the page is at rest;
0.1 counts as good. The first picture is the first canvas, image or chart of 80 px and more, from the opening or the
click. `--why` names what shifted. Needs Playwright and a Chromium or Chrome on the path. Goal: under 0.1 everywhere.
"""

import argparse
import os

from playwright.sync_api import Browser, Page

from benchmarks.changes import all_there, watch
from benchmarks.serving import browser, server
from pages.ui import site

GOAL = 0.1
START = "pooling"  # where the tab begins that then goes through the menu
LONGEST_MS = 10_000  # on Home the demonstration never rests, on the Builder no picture is drawn
SIZES = ((1280, 720), (853, 480))
# What a click shifts counts too: `hadRecentInput` leaves out half a second after it, and that is the whole change.
BEGIN = "() => { Object.assign(seen, { shift: 0, shifts: [], everyShift: true, began: performance.now() }); }"


def told(page: Page, why: bool) -> tuple[float, float]:
    """Shift so far and milliseconds to the first picture, 0 where there is none."""
    shift, picture, shifts = page.evaluate(
        "() => [seen.shift, seen.picture && seen.picture - (seen.began ?? 0), seen.shifts]"
    )
    if why:
        for at, value, what in shifts:
            print(f"    {at:>6} ms  {value:.3f}  {what}")
    return shift, picture


def opened(chromium: Browser, url: str, name: str, size: tuple[int, int], why: bool) -> tuple[float, float]:
    """A page by its link."""
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(60_000)
    watch(page)
    page.goto(f"{url}/{'' if name == 'home' else name}")
    page.locator("h1").first.wait_for()
    all_there(page, LONGEST_MS)
    found = told(page, why)
    page.close()
    return found


def followed(page: Page, info: site.PageInfo, why: bool) -> tuple[float, float]:
    """A page by the menu."""
    page.evaluate(BEGIN)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=info.title, exact=True).click()
    page.locator("h1", has_text="ConvLens" if info.name == "home" else info.title).wait_for()
    page.evaluate("() => seen.look()")
    all_there(page, LONGEST_MS)
    return told(page, why)


def main() -> None:
    """Open every page and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="the name of the one page to measure, as in its address")
    parser.add_argument("--why", action="store_true", help="name what shifted")
    arguments = parser.parse_args()
    pages = [info for info in site.PAGES if arguments.only in info.name]
    with server() as (port, _), browser() as chromium:
        url = f"http://127.0.0.1:{port}"
        print(f"{'page':<16} {'size':>9} {'by link':>8} {'picture ms':>11} {'by menu':>8} {'picture ms':>11}")
        for size in SIZES:
            tab = chromium.new_page(viewport={"width": size[0], "height": size[1]})
            tab.set_default_timeout(60_000)
            watch(tab)
            tab.goto(f"{url}/{START if pages[0].name != START else site.PAGES[-1].name}")
            tab.locator("h1").first.wait_for()
            all_there(tab, LONGEST_MS)
            for info in pages:
                first, first_ms = opened(chromium, url, info.name, size, arguments.why)
                later, later_ms = followed(tab, info, arguments.why)
                met = "" if max(first, later) < GOAL else "  NOT met"
                print(
                    f"{info.name:<16} {size[0]:>5}×{size[1]} {first:>8.3f} {first_ms:>11.0f} {later:>8.3f}"
                    f" {later_ms:>11.0f}{met}",
                    flush=True,
                )
        load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"
        print(f"load {load}")


if __name__ == "__main__":
    main()
