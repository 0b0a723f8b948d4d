"""A component in a browser without a server: called as Streamlit calls it, and watched for what it leaves behind."""

import tomllib
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import JSHandle, Locator, Page, Route
from streamlit.proto.BidiComponent_pb2 import BidiComponent

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "http://components.test"
KINDS = {"Float32Array": "<f4", "Int32Array": "<i4", "Uint8Array": "|u1"}

# What outlives an element unless it is ended: observers, frames, timers, listeners elsewhere than on the element.
WATCH = """() => {
  const alive = { observers: new Set(), frames: new Set(), timers: new Set(), listeners: new Map() };
  window.frameOfThePage = window.requestAnimationFrame.bind(window);
  for (const name of ["ResizeObserver", "IntersectionObserver", "MutationObserver"]) {
    window[name] = class extends window[name] {
      observe(...of) { alive.observers.add(this); super.observe(...of); }
      disconnect() { alive.observers.delete(this); super.disconnect(); }
    };
  }
  const once = (start, stop, kind, repeats) => {
    const [begin, end] = [window[start].bind(window), window[stop].bind(window)];
    window[start] = (act, ...more) => {
      const id = begin((...now) => { if (!repeats) alive[kind].delete(id); act(...now); }, ...more);
      alive[kind].add(id);
      return id;
    };
    window[stop] = (id) => { alive[kind].delete(id); end(id); };
  };
  once("requestAnimationFrame", "cancelAnimationFrame", "frames", false);
  once("setTimeout", "clearTimeout", "timers", false);
  once("setInterval", "clearInterval", "timers", true);
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const outside = (target) => !(target instanceof Node) || target === document || target.contains(host);
  const host = document.createElement("div");
  EventTarget.prototype.addEventListener = function (type, listener, ...more) {
    if (outside(this)) alive.listeners.set(listener, type);
    add.call(this, type, listener, ...more);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, ...more) {
    alive.listeners.delete(listener);
    remove.call(this, type, listener, ...more);
  };
  host.id = "host";
  document.body.append(host);
  window.stage = { alive, cleanups: [], told: [], parent: host.attachShadow({ mode: "open" }) };
}"""
CALL = """async ([bytes, url]) => {
  const { cleanups, told, parent } = window.stage;
  const module = await import(url);
  const data = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
  cleanups.push(await module.default({
    data, parentElement: parent, name: "example", key: "example",
    setStateValue: (name, value) => told.push([name, value]),
    setTriggerValue: (name, value) => told.push([name, value]),
  }));
  return typeof cleanups.at(-1);
}"""
DRESS = """([css, js]) => {
  const style = document.createElement("style");
  style.textContent = css;
  window.stage.parent.append(style);
  return URL.createObjectURL(new Blob([js], { type: "text/javascript" }));
}"""
SETTLE = """() => new Promise((done) => {
  const wait = (frames) => frames ? window.frameOfThePage(() => wait(frames - 1)) : done();
  wait(6);
})"""


def theme(dark: bool) -> dict[str, str]:
    """The colours of the app's theme, as Streamlit hands them to a component."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    colours: dict[str, str] = settings["dark" if dark else "light"]
    return {
        "--st-background-color": colours["backgroundColor"],
        "--st-secondary-background-color": colours["secondaryBackgroundColor"],
        "--st-text-color": colours["textColor"],
        "--st-border-color": colours["borderColor"],
        "--st-primary-color": colours["primaryColor"],
        "--st-font": "sans-serif",
    }


def open_modules(page: Page) -> None:
    """An empty page that can import every JavaScript module of `pages` by its path there."""

    def answer(route: Route) -> None:
        path = ROOT / "pages" / route.request.url.removeprefix(f"{ADDRESS}/")
        if path.suffix == ".js":
            route.fulfill(
                content_type="text/javascript; charset=utf-8", body=path.read_text(encoding="utf-8")
            )
        else:
            route.fulfill(content_type="text/html", body="<!DOCTYPE html><title>Components</title>")

    page.route(f"{ADDRESS}/**", answer)
    page.goto(ADDRESS)


class Stage:
    """One component; `component` is what Streamlit would send to the browser."""

    def __init__(
        self, page: Page, component: BidiComponent, *, width: int = 1000, dark: bool = False
    ) -> None:
        self.page = page
        self.bytes = b64encode(component.bytes).decode()
        open_modules(page)
        colours = theme(dark)
        names = "".join(f"{name}:{value};" for name, value in colours.items())
        page.add_style_tag(content=f"body{{margin:0;background:{colours['--st-background-color']};{names}}}")
        page.evaluate(WATCH)
        self.resize(width)
        self.url = page.evaluate(DRESS, [component.css_content, component.js_content])
        self.root: Locator = page.locator("#host > :not(style)")

    def call(self) -> str:
        """As an update does; the type of what comes back, which has to be the cleanup."""
        answer: str = self.page.evaluate(CALL, [self.bytes, self.url])
        self.settle()
        return answer

    def clean(self, call: int) -> None:
        """Run the cleanup of a call, counted from 0."""
        self.page.evaluate("call => window.stage.cleanups[call]()", call)
        self.settle()

    def settle(self) -> None:
        """Wait until what was asked for has been drawn."""
        self.page.evaluate(SETTLE)

    def resize(self, width: int) -> None:
        """Give the component `width` CSS pixels."""
        self.page.evaluate("width => { document.getElementById('host').style.width = `${width}px`; }", width)
        self.settle()

    @property
    def alive(self) -> dict[str, int]:
        """How much is alive of each kind of what outlives an element."""
        counts: dict[str, int] = self.page.evaluate(
            "() => Object.fromEntries(Object.entries(window.stage.alive).map(([kind, all]) => [kind, all.size]))"
        )
        return counts

    @property
    def elements(self) -> int:
        """How many elements there are within, the style sheet not counted."""
        count: int = self.page.evaluate("() => window.stage.parent.querySelectorAll(':not(style)').length")
        return count

    @property
    def told(self) -> list[list[Any]]:
        """What was told to Python so far: names and values."""
        told: list[list[Any]] = self.page.evaluate("() => window.stage.told")
        return told

    def each(self, selector: str, of: str) -> list[Any]:
        """What the JavaScript function `of` says of every element within that matches."""
        said: list[Any] = self.page.evaluate(
            f"selector => [...window.stage.parent.querySelectorAll(selector)].map({of})", selector
        )
        return said

    def pictures(self) -> JSHandle:
        """The pixels of every canvas now."""
        return self.page.evaluate_handle(
            "() => [...window.stage.parent.querySelectorAll('canvas')].map("
            "(c) => c.getContext('2d').getImageData(0, 0, c.width, c.height))"
        )

    def differs(self, before: JSHandle) -> bool:
        """Whether any canvas shows something else than before."""
        answer: bool = self.page.evaluate(
            "before => [...window.stage.parent.querySelectorAll('canvas')].some((canvas, at) => {"
            " const now = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
            " return now.width !== before[at].width || now.height !== before[at].height"
            " || now.data.some((value, k) => value !== before[at].data[k]); })",
            before,
        )
        return answer


def read_in_browser(page: Page, message: bytes) -> dict[str, Any]:
    """What message.js makes of a message: header entries, and arrays bit for bit."""
    entries: dict[str, Any] = page.evaluate(
        """async (bytes) => {
          const { unpack } = await import("/ui/components/base/message.js");
          const read = unpack(Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0)));
          const sent = (value) => ArrayBuffer.isView(value) ? {
            kind: value.constructor.name,
            bytes: btoa(String.fromCharCode(...new Uint8Array(value.buffer, value.byteOffset, value.byteLength))),
          } : { value };
          return Object.fromEntries(Object.entries(read).map(([name, value]) => [name, sent(value)]));
        }""",
        b64encode(message).decode(),
    )
    return {name: _array(entry) if "kind" in entry else entry["value"] for name, entry in entries.items()}


def _array(entry: dict[str, str]) -> NDArray[Any]:
    return np.frombuffer(b64decode(entry["bytes"]), KINDS[entry["kind"]])
