"""No page asks another server for anything, and the policy that forbids it stands in no page's way."""

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


def test_a_picture_from_elsewhere_is_not_fetched(page: Page, shared_server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page, shared_server.url)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=\"http://127.0.0.2:9/x.png\">')")
    page.evaluate("fetch('http://127.0.0.2:9/y').catch(() => 0)")
    page.evaluate("import('http://127.0.0.2:9/z.js').catch(() => 0)")
    page.wait_for_timeout(300)
    assert [url for url in asked if "127.0.0.2" in url] == []
