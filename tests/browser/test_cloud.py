"""The entry point of Community Cloud, started as there and from its own folder: pages, links, a training."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks import serving
from tests.browser.conftest import no_exception, visit

CLOUD = serving.ROOT / "deploy" / "cloud"
NETWORK = "builder-net=flatten-linear10&builder-dataset=digits&builder-epochs=1"


@pytest.fixture(params=[serving.ROOT, CLOUD], ids=["from the root", "from its folder"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    port = serving.free_port()
    home = {"CONVLENS_HOME": str(tmp_path)}
    process = serving.start(port, CLOUD / "streamlit_app.py", home, folder=request.param)
    yield f"http://127.0.0.1:{port}"
    serving.end(process)


def test_pages_links_and_a_training(address: str, page: Page) -> None:
    visit(page, f"{address}/convolution?conv-stride=2")
    expect(page.locator("h1").first).to_have_text("Convolution")
    expect(page.get_by_role("combobox", name="Stride", exact=True)).to_have_value("2")
    no_exception(page)
    assert "convlens_browser" in {cookie.get("name") for cookie in page.context.cookies()}
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Filters", exact=True).click()
    expect(page.locator("h1").first).to_have_text("Filters")
    expect(page.get_by_text("test accuracy 99.34")).to_be_visible()
    no_exception(page)

    visit(page, f"{address}/builder?{NETWORK}")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_test_id("stMain").get_by_text("% right").first).to_be_visible(timeout=180_000)
    no_exception(page)
