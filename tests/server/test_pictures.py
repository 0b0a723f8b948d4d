"""Pictures made to do harm: each a picture or a sentence, in bounded time and memory, through a real page too."""

import time

import psutil
import pytest
from PIL import Image, ImageDraw
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo

from cnn_core.data import decoder_pool, images
from cnn_core.data.decoding import KEPT_SIDE
from tests.support.hostile_pictures import encoded, hostile_pictures, jpeg_of_scans
from tests.support.socket_client import Tab, connect

SECONDS = 3.0
MEMORY = 800e6  # bytes that a decoding process may ever have had


@pytest.mark.parametrize("seed", [8])
def test_a_thousand_hostile_pictures(seed):
    read = 0
    for name, data in hostile_pictures(seed, 1_000):
        begun = time.monotonic()
        try:
            pixels = images.decode(data, name=name)
        except images.ImageError as error:
            sentence = str(error)
            assert sentence.endswith("."), name
            assert sentence.isprintable(), name
            assert len(sentence) < 400, name
            assert not name.startswith(("sound", "odd_exif")), f"{name}: {sentence}"
        else:
            read += 1
            assert pixels.dtype == "uint8", name
            assert pixels.ndim == 3, name
            assert max(pixels.shape) <= KEPT_SIDE, name
        assert time.monotonic() - begun < SECONDS, name
    assert 200 < read < 800  # the seeds are not all of one kind
    (process,) = decoder_pool.running()  # alive, and the only one
    memory = psutil.Process(process).memory_info()
    assert getattr(memory, "peak_wset", memory.rss) < MEMORY


def test_the_same_seed_gives_the_same_files():
    assert list(hostile_pictures(1, 60)) == list(hostile_pictures(1, 60))
    assert list(hostile_pictures(1, 60)) != list(hostile_pictures(2, 60))


def choose(tab: Tab, name: str, data: bytes) -> None:
    """Upload a file and choose it in the page's uploader, as a browser does."""
    key = next(key for key in tab.keys if key.startswith("maps-image-upload"))
    status, _, file_id = tab.upload(data, name)
    assert status == 204
    file = UploadedFileInfo(file_id=file_id, name=name, size=len(data))
    tab.set(key, FileUploaderState(uploaded_file_info=[file]))


def test_thirty_of_them_through_a_page_and_an_honest_one_after_each_ten(served):
    with connect(served.port, "feature_maps") as tab:
        tab.set("maps-image-open", True)
        tab.set("maps-image-source", "Upload")
        for number, (name, data) in enumerate(hostile_pictures(30, 30)):
            begun = time.monotonic()
            choose(tab, name, data)
            assert time.monotonic() - begun < SECONDS + 5, name  # with the page's own time, on a busy machine
            assert not tab.has_error, name
            if "maps-image-remove" in tab.keys:
                tab.press("maps-image-remove")
            if number % 10 == 9:
                choose(tab, "honest.png", _honest())
                assert "**honest.png**" in tab.texts
                tab.press("maps-image-remove")


def _honest() -> bytes:
    sheet = Image.new("L", (200, 150), 230)
    ImageDraw.Draw(sheet).line([(70, 30), (130, 30), (95, 120)], 20, 9)
    return encoded(sheet, "PNG")


def test_a_picture_that_takes_too_long_costs_no_more_than_it_may_and_nobody_else(served):
    slow = jpeg_of_scans(3_000, 85)
    with connect(served.port, "feature_maps") as tab, connect(served.port, "convolution") as other:
        tab.set("maps-image-open", True)
        tab.set("maps-image-source", "Upload")
        for _ in range(3):
            begun = time.monotonic()
            choose(tab, "slow.jpg", slow)
            assert time.monotonic() - begun < SECONDS + 5
            assert not tab.has_error
            if "maps-image-remove" in tab.keys:
                tab.press("maps-image-remove")
        other.rerun()
        assert not other.has_error
