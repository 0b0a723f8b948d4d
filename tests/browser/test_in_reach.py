"""A pointer reaches what a page shows: nothing lies over its controls."""

from contextlib import suppress

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from pages.ui.site import PAGES, PageInfo
from tests.browser.conftest import Server, settled, visit
from tests.support.own_runs import BATCH, STARTED, write_run

SIZES = {"projector": (1280, 720), "zoomed": (853, 480), "phone": (390, 844)}
# How many controls have their middle in view, and those of them where something else is hit there.
HIT = """() => {
  const KINDS = "button, a[href], input, select, [role=combobox], [role=radio], [role=tab], canvas[role]";
  const found = { controls: 0, covered: [] };
  const scrollsAway = (one, x, y) => { // scrolled out of a part of the page that scrolls by itself
    for (let at = one.parentElement ?? one.getRootNode().host; at; at = at.parentElement ?? at.getRootNode().host) {
      const box = at.getBoundingClientRect();
      const clips = getComputedStyle(at).overflow !== "visible";
      if (clips && (x < box.left || x > box.right || y < box.top || y > box.bottom)) return true;
    }
    return false;
  };
  const look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) look(one.shadowRoot);
      if (!one.matches(KINDS) || !one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const box = one.getBoundingClientRect();
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      if (box.width < 3 || x < 0 || y < 0 || x > innerWidth || y > innerHeight || scrollsAway(one, x, y)) continue;
      found.controls += 1;
      let hit = document.elementFromPoint(x, y);
      for (let inner; (inner = hit?.shadowRoot?.elementFromPoint(x, y)) && inner !== hit; ) hit = inner;
      if (hit && [one, one.closest("label")].some((own) => own?.contains(hit) || hit.contains(own ?? hit.lastChild)))
        continue;
      found.covered.push(`${one.localName} "${(one.ariaLabel ?? one.innerText).trim().slice(0, 40)}": ` +
        `${hit?.localName} ${hit?.dataset.testid ?? hit?.className} lies over it`);
    }
  };
  look(document.querySelector("[data-testid=stMain]"));
  return found;
}"""

DONE = f"(least) => {{ const found = ({HIT})(); return found.controls >= least && !found.covered.length; }}"
EMPTY = "will be here"  # so says a page that waits for a run, and offers the one click that brings it


@pytest.fixture(scope="module", autouse=True)
def run(shared_server: Server) -> None:
    """A run of the server's own, for the pages that show runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONVLENS_HOME", str(shared_server.home))
        write_run(STARTED, BATCH, {"type": "stopped"}, title="a run", browser=None, tested=True)


@pytest.mark.parametrize("info", PAGES, ids=lambda page: page.name)
def test_nothing_lies_over_a_control(shared_server: Server, page: Page, info: PageInfo) -> None:
    address = shared_server.url if info is PAGES[0] else f"{shared_server.url}/{info.name}"
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        visit(page, address)  # made narrow, a window may keep the menu open over its page
        least = 1 if page.get_by_text(EMPTY).count() else 3
        with suppress(TimeoutError):  # said below, by name
            page.wait_for_function(DONE, arg=least, polling=200)
        settled(page)
        found = page.evaluate(HIT)
        assert found["covered"] == [], size
        assert found["controls"] >= least, size


def test_streamlit_s_bar_takes_no_click_but_for_its_own_buttons(shared_server: Server, page: Page) -> None:
    visit(page, f"{shared_server.url}/builder")
    for x in range(300, 1220, 40):
        for y in range(5, 60, 10):
            over = "([x, y]) => document.elementFromPoint(x, y).closest('[data-testid=stHeader]') !== null"
            assert not page.evaluate(over, [x, y]), (x, y)
    page.get_by_role("button", name="Main menu").click()
    expect(page.get_by_role("menu")).to_be_visible()
    page.get_by_role("menuitem").first.hover()  # reaches it
