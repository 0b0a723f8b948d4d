"""Uploads that a class will try: each becomes a picture or a sentence, never a traceback."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from pages.ui.image_source import SOURCES
from tests.browser.conftest import Server, no_exception, settled, visit


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def huge_png(side: int) -> bytes:
    """A valid black PNG of side × side, a few hundred kilobytes packed and hundreds of megabytes unpacked."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(side + 1)) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


RAMP = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)
FILES = {
    "text.png": (lambda: b"this is not a picture", "sentence"),
    "huge.png": (lambda: huge_png(20_000), "sentence"),
    "empty.png": (lambda: b"", "sentence"),
    "moving.gif": (
        lambda: encoded(
            Image.new("RGB", (40, 30), "red"),
            "GIF",
            save_all=True,
            append_images=[Image.new("RGB", (40, 30), "blue")],
        ),
        "picture",
    ),
    "print.jpg": (lambda: encoded(Image.new("CMYK", (40, 30), (0, 255, 255, 0)), "JPEG"), "picture"),
    "deep.png": (lambda: encoded(Image.fromarray(RAMP * 16), "PNG"), "picture"),
}


@pytest.mark.parametrize("name", list(FILES))
def test_an_upload_is_a_picture_or_a_sentence(name: str, shared_server: Server, page: Page) -> None:
    make, expected = FILES[name]
    label = SOURCES["upload"].replace(" ", "+")
    visit(page, f"{shared_server.url}/feature_maps?maps-image-source={label}")
    page.get_by_role("button", name="Image", exact=True).click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": make()}
    )
    if expected == "picture":
        expect(page.get_by_test_id("stMain").get_by_text(f"Your picture {name}").first).to_be_visible()
    else:  # beside the uploader, which lies over the page
        expect(page.get_by_role("dialog").get_by_test_id("stAlert")).to_be_visible()
    settled(page)
    no_exception(page)


def on_paper() -> bytes:
    """A seven written on paper."""
    sheet = Image.new("RGB", (400, 300), (236, 233, 226))
    ImageDraw.Draw(sheet).line([(130, 70), (270, 70), (190, 240)], (50, 50, 70), 18, "curve")
    return encoded(sheet, "PNG")


def test_a_picture_goes_along_to_other_pages_and_is_there_on_return(
    shared_server: Server, page: Page
) -> None:
    visit(page, f"{shared_server.url}/feature_maps?maps-image-source=Upload")
    main = page.get_by_test_id("stMain")
    file = {"name": "seven.png", "mimeType": "image/png", "buffer": on_paper()}
    page.get_by_role("button", name="Image", exact=True).click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(main.get_by_text("The network's answer to this image: 7")).to_be_visible()
    expect(page.get_by_text("Not part of the link")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Draw").click()
    page.get_by_role("radio", name="Your picture").or_(
        page.get_by_role("button", name="Your picture")
    ).click()
    expect(main.get_by_text("The network reads 7").first).to_be_visible()
    expect(main.get_by_text("0. Find the ink").first).to_be_visible()

    page.go_back()
    expect(main.get_by_role("heading", name="Feature maps")).to_be_visible()
    expect(main.get_by_text("The network's answer to this image: 7")).to_be_visible()
    page.get_by_role("button", name="Image", exact=True).click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_test_id("stFileUploaderDropzone")).to_be_visible()
    settled(page)
    no_exception(page)
