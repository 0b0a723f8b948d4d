"""A picture leaves the page as a file, made on the server when its button is clicked."""

import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cnn_core import checkpoints
from pages.ui.page import CODE
from tests.browser.conftest import Server, no_exception, visit


def download(page: Page, kind: str, number: int) -> tuple[str, bytes]:
    """The name and the bytes of the file that the menu's button `kind` of picture `number` gives."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=kind, exact=True).nth(number).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


@pytest.fixture
def menu(shared_server: Server, page: Page) -> Page:
    """The download menu of the filters, opened."""
    visit(page, f"{shared_server.url}/filters")
    expect(page.get_by_text(CODE)).to_be_visible()  # the page's end: nothing moves any more
    button = page.get_by_role("button", name="Download").first
    button.evaluate("one => one.scrollIntoView({ block: 'end' })")  # at the window's foot
    button.click()
    expect(page.get_by_role("button", name="PNG", exact=True)).to_have_count(2)  # the kernel, all filters
    return page


def test_a_filter_s_picture_and_its_numbers_are_downloaded(menu: Page) -> None:
    weight = checkpoints.load("mnist-3conv").model.conv1.weight.detach().numpy()
    strongest = np.linalg.norm(weight.reshape(len(weight), -1), axis=1).argmax()
    name, data = download(menu, "NPY", 0)
    assert name == f"conv1-weight-{strongest}-0.npy"
    np.testing.assert_array_equal(np.load(BytesIO(data)), weight[strongest, 0])
    name, data = download(menu, "NPY", 1)
    assert name == "filters-of-conv1.npy"
    np.testing.assert_array_equal(np.load(BytesIO(data)), weight[:, 0])
    name, data = download(menu, "PNG", 1)
    with Image.open(BytesIO(data)) as image:
        assert (name, image.format) == ("filters-of-conv1.png", "PNG")
    name, data = download(menu, "SVG", 0)
    assert "ConvLens · mnist-3conv on MNIST · conv1" in data.decode()
    assert download(menu, "PDF", 0)[1].startswith(b"%PDF-")
    no_exception(menu)


def test_the_list_opens_where_all_of_it_is_seen(menu: Page) -> None:
    for number in range(2):
        expect(menu.get_by_role("button", name="PNG", exact=True).nth(number)).to_be_in_viewport(ratio=1)


def test_a_chart_leaves_as_its_table(shared_server: Server, page: Page) -> None:
    visit(page, f"{shared_server.url}/confusion")
    page.get_by_role("button", name="Download").last.click()
    name, data = download(page, "CSV", 0)
    header, *cells = data.decode().splitlines()
    assert name == "confusion-matrix.csv"
    assert header.split(",")[:4] == ["true", "predicted", "images", "share"]
    card = json.loads((checkpoints.folder("mnist-3conv") / checkpoints.CARD).read_text())
    assert len(cells) == len(card["classes"]) ** 2
