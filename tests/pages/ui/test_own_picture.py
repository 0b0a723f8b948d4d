"""Somebody's own picture: taken once, there on every page of the session, gone when it is removed."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from cnn_core.data import images
from pages.ui import own_picture
from pages.ui.words import as_text
from tests.support.opening import open_app


def png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


NOISE = np.random.default_rng(0).integers(0, 256, (30, 50, 3), np.uint8)
FILE = png(Image.fromarray(NOISE))


def page(prefix: str = "t", drawn: bool = False) -> None:
    import streamlit as st

    from pages.ui.image_source import pick_image

    st.session_state["picked"] = pick_image(f"{prefix}-image", size=28, channels=1, drawn=drawn)


def app(source: str = "Upload", prefix: str = "t", **arguments: object) -> AppTest:
    test = AppTest.from_function(page, kwargs={"prefix": prefix, **arguments}, default_timeout=30)
    test.query_params[f"{prefix}-image-source"] = source
    return run(test)


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def opened(test: AppTest, prefix: str) -> AppTest:
    """The page's image picker as it stands while its drawer is open."""
    test.session_state[f"{prefix}-image-open"] = True
    return test


def upload(test: AppTest, name: str, data: bytes) -> AppTest:
    test.file_uploader[0].set_value((name, data, "application/octet-stream"))
    return run(test)


def test_a_picture_stays_and_its_uploader_goes():
    test = upload(app(), "a.png", FILE)
    assert not test.file_uploader
    for _ in range(2):
        picked = test.session_state["picked"]
        assert picked.caption == "Your picture a.png"
        np.testing.assert_array_equal(picked.image, images.fit(NOISE, 28, 1))
        run(test)
    assert "Not part of the link" in [caption.value for caption in test.caption]


def test_remove_gives_an_empty_uploader_again():
    test = upload(app(), "a.png", FILE)
    test.button(key="t-image-remove").click()
    run(test)
    stand_in = test.session_state["picked"]
    assert "nothing is brought in this browser yet" in stand_in.caption
    assert test.file_uploader[0].value is None
    assert upload(test, "b.png", FILE).session_state["picked"].caption == "Your picture b.png"


def test_a_bad_file_after_a_good_one_and_a_good_one_after_a_bad_one():
    test = upload(app(), "a.txt", b"no picture")
    assert "“a.txt” is text" in test.error[0].value
    assert len(run(test).error) == 1  # until something else is chosen
    assert not upload(test, "a.png", FILE).error
    assert test.session_state["picked"].caption == "Your picture a.png"


def test_it_is_taken_to_other_pages_and_back():
    test = run(opened(open_app("inside/feature_maps", link={"maps-image-source": "Upload"}), "maps"))
    upload(test, "mine.png", png(seven()))
    seen = [element.value for element in test.markdown]
    assert "**Input** · Your picture mine.png, prepared like a drawing" in seen
    test.query_params["conv-image-source"] = "Upload"
    run(opened(test, "conv").switch_page("pages/operations/convolution/page.py"))
    assert not test.file_uploader
    assert "**mine.png**" in [element.value for element in test.markdown]
    run(opened(test, "maps").switch_page("pages/inside/feature_maps/page.py"))
    if (
        test.selectbox(key="maps-image-source").value != "upload"
    ):  # what Back and the menu do to a link is tested there
        test.selectbox(key="maps-image-source").set_value("upload")
        run(test)
    assert "**mine.png**" in [element.value for element in test.markdown]
    assert not test.file_uploader


def test_what_was_wrong_with_a_file_is_not_said_after_the_page_was_left():
    test = run(opened(open_app("inside/feature_maps", link={"maps-image-source": "Upload"}), "maps"))
    assert upload(test, "a.txt", b"no picture").error
    run(test.switch_page("pages/operations/pooling/page.py"))
    test.query_params["maps-image-source"] = "Upload"
    run(opened(test, "maps").switch_page("pages/inside/feature_maps/page.py"))
    assert test.file_uploader
    assert not test.error


@pytest.mark.parametrize(
    "name", ["![a](https://b.example/c.png).png", "**b** $x$.png", "[in](https://e.example).png"]
)
def test_a_file_s_name_is_text(name):
    test = upload(app(), name, FILE)
    assert f"**{as_text(name)}**" in [element.value for element in test.markdown]
    test.button(key="t-image-remove").click()
    assert not set(upload(run(test), name, b"no picture").error[0].value.split("”")[0]) & set("*[]()$")


def test_the_decoded_picture_is_small_and_the_file_is_let_go():
    large = Image.fromarray(np.random.default_rng(0).integers(0, 256, (1200, 1500, 3), np.uint8))
    test = upload(app(), "a.png", png(large))
    kept = test.session_state["own-picture-upload"].kept.picture
    assert kept.pixels.shape == (410, 512, 3)
    assert kept.alpha is None
    assert "t-image-upload" not in test.session_state


@pytest.mark.parametrize("data", [FILE, b"no picture"], ids=["read", "refused"])
def test_the_server_does_not_hold_a_file_once_it_is_read(data, monkeypatch):
    managers = []
    add = MemoryUploadedFileManager.add_file

    def adding(self: MemoryUploadedFileManager, session_id: str, file: UploadedFileRec) -> None:
        add(self, session_id, file)
        managers.append((self, session_id, file.file_id))

    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", adding)
    upload(app(), "a.png", data)
    ((manager, session_id, file_id),) = set(managers)
    assert manager.get_files(session_id, [file_id]) == []


def test_a_note_is_said_with_the_picture():
    values = np.linspace(0, 4095, 64).astype(np.uint16).reshape(8, 8)
    test = upload(app(), "deep.png", png(Image.fromarray(values)))
    assert any("as those of 12 bits are" in caption.value for caption in test.caption)
    np.testing.assert_array_equal(
        test.session_state["picked"].image, images.fit(np.round(values / 4095 * 255).astype(np.uint8), 28, 1)
    )


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("http://192.168.1.20:8501/feature_maps", False),
        ("http://class.school.example/", False),
        ("http://localhost.evil.example/", False),
        ("http://[fe80::1]:8501/", False),
        ("http://localhost:8501/", True),
        ("http://app.localhost/", True),
        ("http://127.0.0.1:8501/", True),
        ("http://[::1]:8501/", True),
        ("https://192.168.1.20/", True),
        ("https://class.school.example/feature_maps", True),
        (None, True),  # no browser said where it is
    ],
)
def test_the_camera_is_offered_where_a_browser_can_give_it(address, allowed, monkeypatch):
    context = type("Context", (), {"url": address})()
    monkeypatch.setattr(own_picture.st, "context", context)
    test = app("Camera")
    assert len(test.get("camera_input")) == int(allowed)
    assert len(test.file_uploader) == int(not allowed)
    assert len(test.info) == int(not allowed)
    if not allowed:
        assert "over https" in test.info[0].value
        assert upload(test, "phone.png", FILE).session_state["picked"].caption == "Your picture phone.png"


def test_a_picture_from_the_camera_is_one_s_own_too():
    test = app("Camera")
    place = test.session_state["own-picture-camera"]
    place.kept = own_picture.OwnPicture("", images.read(FILE))
    run(test)
    assert test.session_state["picked"].caption == "Your picture from the camera"
    assert "**From the camera**" in [element.value for element in test.markdown]


def seven() -> Image.Image:
    sheet = Image.new("RGB", (400, 300), (236, 233, 226))
    ImageDraw.Draw(sheet).line([(130, 70), (270, 70), (190, 240)], (50, 50, 70), 18, "curve")
    return sheet


def test_what_is_on_paper_is_prepared_like_a_drawing_and_every_stage_is_shown():
    test = upload(app(drawn=True), "seven.png", png(seven()))
    picked = test.session_state["picked"]
    assert picked.caption == "Your picture seven.png, prepared like a drawing"
    assert picked.stages.ink.shape == (300, 400)
    np.testing.assert_array_equal(picked.image[0], picked.stages.network_input)
    assert picked.image.max() > 0.9
    assert np.median(picked.image) == 0  # the paper is black
    test.toggle(key="t-image-prepared").set_value(False)
    as_photograph = run(test).session_state["picked"]
    np.testing.assert_array_equal(as_photograph.image, images.fit(np.asarray(seven()), 28, 1))
    assert as_photograph.stages is None


def test_an_empty_sheet_is_taken_as_it_is_and_it_is_said():
    test = upload(app(drawn=True), "empty.png", png(Image.new("RGB", (400, 300), (236, 233, 226))))
    picked = test.session_state["picked"]
    assert picked.caption == "Your picture empty.png"
    assert picked.stages is None
    np.testing.assert_allclose(picked.image, 233 / 255, atol=1e-6)
    said = "Nothing stands out from the paper, so that it is taken as a photograph."
    assert said in [caption.value for caption in test.caption]
    test.toggle(key="t-image-prepared").set_value(False)
    assert said not in [caption.value for caption in run(test).caption]


def test_a_picture_that_is_not_for_digits_is_not_offered_the_preparation():
    test = upload(app(), "seven.png", png(seven()))
    assert not test.toggle
