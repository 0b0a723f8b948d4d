"""When a page last changed after a click, and how far it shifted: what Chromium itself sees, noted inside the page."""

import contextlib

from playwright.sync_api import Page, TimeoutError

from benchmarks.serving import SETTLED

QUIET_MS = 700  # without a change, and no script running: the page is done
LONGEST_MS = 20_000

# Before anything of a page runs: notes the last input, the last change of what is drawn (elements, text, pictures,
# canvases, through shadow roots), the first canvas, picture or chart, every layout shift, and how many messages came.
NOTE = """(() => {
  const seen = (window.seen = {
    input: 0, change: 0, picture: 0, shift: 0, shifts: [], messages: 0, moved: 0, answer: 0,
  });
  window.WebSocket = class extends WebSocket {
    constructor(...how) {
      super(...how);
      this.addEventListener("message", () => { seen.messages += 1; });
    }
  };
  const INNER = "[data-testid=stMain], [data-testid=stSidebar]";
  // What nobody sees: a table's cells for screen readers, inside its canvas, and tools shown under the pointer only.
  const UNSEEN = "canvas *, [data-testid=stElementToolbar]";
  const ANSWER = ".headline"; // what a network reads in a drawing
  const counts = (node) => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    if (element?.closest(UNSEEN)) return false;
    if (element?.closest(ANSWER)) seen.answer = performance.now();
    for (let at = node; at; at = at.parentNode ?? at.host) {
      if (at.nodeType === 1 && at.closest(INNER)) return true;
      if (at.nodeType === 1) { const root = at.getRootNode(); if (!root.host) return false; at = root; }
    }
    return false;
  };
  const changed = (node) => { if (counts(node)) seen.change = performance.now(); };
  const OF = { childList: true, subtree: true, characterData: true, attributes: true,
    attributeFilter: ["d", "src", "x", "y", "width", "height", "transform", "points", "aria-valuetext", "fill"] };
  const observer = new MutationObserver((records) => { for (const { target } of records) changed(target); });
  observer.observe(document, OF);
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) {
    const root = attach.call(this, how);
    observer.observe(root, OF);
    return root;
  };
  const context = CanvasRenderingContext2D.prototype;
  for (const name of ["fillRect", "strokeRect", "drawImage", "putImageData", "fillText", "stroke", "fill"]) {
    const draw = context[name];
    context[name] = function (...how) {
      changed(this.canvas);
      return draw.apply(this, how);
    };
  }
  for (const type of ["pointerdown", "pointerup", "keydown"])
    addEventListener(type, () => { seen.input = performance.now(); }, { capture: true });
  addEventListener("pointermove", ({ buttons }) => { if (buttons) seen.moved = performance.now(); }, { capture: true });
  const large = (element) => {
    const box = element.getBoundingClientRect();
    return box.width >= 80 && box.height >= 80 && element.checkVisibility();
  };
  const everywhere = (root) => [...root.querySelectorAll("*")].some((element) =>
    (element.matches("canvas, img, svg.marks") && large(element)) ||
    (element.shadowRoot && everywhere(element.shadowRoot)));
  const look = () => {
    const main = document.querySelector("[data-testid=stMain]");
    if (main && everywhere(main)) seen.picture = performance.now();
    else requestAnimationFrame(look);
  };
  seen.look = () => { seen.picture = 0; look(); };
  seen.look();
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput && !seen.everyShift) continue;
      seen.shift += entry.value;
      const names = entry.sources.map(({ node }) => {
        const element = node?.nodeType === 1 ? node : node?.parentElement;
        return element?.closest("[class*=st-key-]")?.className.match(/st-key-[\\w-]+/)?.[0]
          ?? element?.dataset?.testid ?? element?.localName ?? "?";
      });
      seen.shifts.push([Math.round(performance.now()), +entry.value.toFixed(3), [...new Set(names)].join(" ")]);
    }
  }).observe({ type: "layout-shift", buffered: true });
})();"""

AT_REST = f"""() => document.querySelector("{SETTLED}") !== null
  && document.querySelector("[data-testid=stMain] [data-testid^=stSkeleton]") === null
  && performance.now() - Math.max(seen.change, seen.input) > {QUIET_MS}"""


def watch(page: Page) -> None:
    """Have every page that this tab opens from now on note its changes."""
    page.add_init_script(NOTE)


def at_rest(page: Page, longest: int = LONGEST_MS) -> None:
    """Wait until no script runs and nothing has changed for a while; `longest` ms where something always moves."""
    with contextlib.suppress(TimeoutError):
        page.wait_for_function(AT_REST, timeout=longest, polling=100)


def all_there(page: Page, longest: int = LONGEST_MS) -> None:
    """Wait for the first picture of a page that was just opened, then for its rest; at most `longest` ms for each.

    On a busy machine the code that draws may come long after the last element did.
    """
    with contextlib.suppress(TimeoutError):
        page.wait_for_function("() => seen.picture > 0", timeout=longest)
    at_rest(page, longest)


def answered(page: Page) -> float | None:
    """Milliseconds from the pen's last move to the answer's last change, once the page is at rest; None without one."""
    at_rest(page)
    took: float = page.evaluate("() => seen.answer - seen.moved")
    return took if took > 0 else None


def messages(page: Page) -> int:
    """How many messages of the server came since the last time this was asked: about one for an element."""
    count: int = page.evaluate("() => { const count = seen.messages; seen.messages = 0; return count; }")
    return count


def last_change(page: Page) -> float | None:
    """Milliseconds from the last input to the last change of the page, once it is at rest; None where none came."""
    at_rest(page)
    took: float = page.evaluate("() => seen.change - seen.input")
    return took if took > 0 else None
