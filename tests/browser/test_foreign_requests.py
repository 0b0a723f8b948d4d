"""No page asks another server for anything, and the policy that forbids it stands in no page's way."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from playwright.sync_api import Page

from pages.ui import site
from tests.browser.conftest import Server, visit

PAGES = [page.name for page in site.PAGES]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_its_own_server_only(page: Page, shared_server: Server, name: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda websocket: asked.append(websocket.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    visit(page, f"{shared_server.url}/{'' if name == 'home' else name}")
    page.wait_for_load_state("networkidle")
    own = f"127.0.0.1:{shared_server.port}/"
    foreign = [url for url in asked if own not in url and not url.startswith("data:")]
    assert foreign == []
    assert [text for text in said if "Content Security Policy" in text] == []


class Elsewhere(BaseHTTPRequestHandler):
    """A stranger's server, which remembers what it was asked for."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", "text/javascript")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_what_lies_elsewhere_is_not_fetched(page: Page, shared_server: Server) -> None:
    """Not even where a page's text had become HTML or a script."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as elsewhere:
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{elsewhere.server_port}"
        page.goto(url + "/first")  # it is there
        visit(page, shared_server.url)
        for evil in (
            f"<img src='{url}/x.png'>",
            f"<iframe src='{url}/y'></iframe>",
            "<img src=x onerror=fetch('/z')>",
        ):
            page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", evil)
        page.evaluate(f"fetch('{url}/fetched').then(() => 1, () => 0)")
        page.evaluate(f"import('{url}/module.js').then(() => 1, () => 0)")
        page.wait_for_load_state("networkidle")
        elsewhere.shutdown()
    assert [path for path in Elsewhere.asked if path != "/favicon.ico"] == ["/first"]
