"""The image picker: what each source gives, what the link holds, and what a bad file says."""

import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnn_core.data import datasets, images
from cnn_core.data.strokes import Stroke, ink_of
from pages.ui.drawing import Drawing
from pages.ui.keys import Shared


def page() -> None:
    import streamlit as st

    from pages.ui.image_source import pick_image

    arguments = st.session_state["arguments"]
    st.session_state["picked"] = pick_image("t-image", **arguments)


def app(query: dict[str, str] | None = None, **arguments: object) -> AppTest:
    test = AppTest.from_function(page, default_timeout=30)
    test.session_state["arguments"] = {"size": 28, "channels": 1, **arguments}
    for key, value in (query or {}).items():
        test.query_params[key] = value
    test.run()
    assert not test.exception
    return test


def picked(test: AppTest):
    assert not test.exception
    return test.session_state["picked"]


def png(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_sample_is_the_dataset_s_own_image():
    image = picked(app())
    digits = datasets.load("digits")
    np.testing.assert_array_equal(
        image.image[0], digits.x_test[0, :, :, 0].astype(np.float32) / np.float32(255)
    )
    assert image.label == digits.y_test[0]
    assert image.dataset == "digits"
    assert image.caption == f"Digits, test image 0: {digits.y_test[0]}"


def test_a_link_restores_class_and_number():
    image = picked(app({"t-image-class": "3", "t-image-number": "5"}))
    digits = datasets.load("digits")
    index = np.flatnonzero(digits.y_test == 3)[5]
    assert image.caption == f"Digits, test image {index}: 3"
    assert image.label == 3


@pytest.mark.parametrize("number", ["99999", "-4", "many"])
def test_a_number_out_of_range_in_a_link_is_the_first_image(number):
    assert picked(app({"t-image-number": number})).caption.startswith("Digits, test image 0:")


def test_another_one_stays_in_the_class():
    test = app({"t-image-class": "8"})
    seen = set()
    for _ in range(5):
        test.button(key="t-image-another").click().run()
        image = picked(test)
        assert image.label == 8
        seen.add(image.caption)
    assert len(seen) > 1


def test_a_smaller_class_brings_a_high_number_back_into_range():
    test = app()
    test.number_input(key="t-image-number").set_value(354).run()
    test.selectbox(key="t-image-class").select("1").run()
    assert picked(test).label == 1


def test_a_model_s_own_dataset_is_replaced_in_words_where_it_is_missing():
    test = app(dataset="mnist")
    assert picked(test).dataset == "digits"
    assert [caption.value for caption in test.caption] == [
        "MNIST is not on this machine yet. Download it on the home page. Until then, these are the built-in digits."
    ]


@pytest.mark.parametrize(("size", "channels"), [(28, 1), (64, 3), ((32, 48), 3)])
def test_a_photograph_is_fitted(size, channels):
    image = picked(app({"t-image-source": "Photograph"}, size=size, channels=channels))
    assert image.caption == "Photograph: flower"
    assert image.label is None
    np.testing.assert_array_equal(image.image, images.fit(images.photographs()["Flower"], size, channels))


def test_only_the_sources_asked_for_are_offered():
    test = app(sources=("photograph", "sample"))
    assert test.selectbox(key="t-image-source").options == ["Photograph", "Dataset sample"]
    assert picked(test).caption.startswith("Photograph")


def test_a_digest_follows_the_pixels():
    test = app()
    first = picked(test).digest
    test.run()
    assert picked(test).digest == first
    test.number_input(key="t-image-number").set_value(1).run()
    assert picked(test).digest != first


STROKE = Stroke("pen", 10, (140, 40, 140, 240))


def with_drawing(*strokes: Stroke, **arguments: object) -> AppTest:
    test = AppTest.from_function(page, default_timeout=30)
    test.session_state["arguments"] = {"size": 28, "channels": 1, **arguments}
    test.session_state[Shared.DRAWING] = Drawing(strokes)
    test.query_params["t-image-source"] = "Drawing"
    return test.run()


def test_before_anything_is_drawn_a_test_image_stands_in_and_says_so():
    image = picked(with_drawing())
    digits = datasets.load("digits")
    title = f"Digits, test image 0: {digits.y_test[0]}"
    assert image.caption == f"{title} (nothing is drawn in this browser yet)"
    np.testing.assert_array_equal(image.image, images.fit(digits.x_test[0], 28, 1))
    said = [caption.value for caption in with_drawing().caption]
    assert said == [f"Nothing is drawn in this browser yet. Until then: {title}."]
    brought = app({"t-image-source": "Upload"})
    np.testing.assert_array_equal(picked(brought).image, image.image)
    assert f"Nothing is brought in this browser yet. Until then: {title}." in [
        caption.value for caption in brought.caption
    ]


def test_a_drawing_for_mnist_s_shape_is_prepared_like_mnist():
    image = picked(with_drawing(STROKE)).image[0]
    # 210 × 10 with round ends becomes 20 × 1; its column is the 15th, for an odd pixel goes to the left.
    assert image[5:23, 14] == pytest.approx(1, abs=1e-6)
    assert np.count_nonzero(image) == 20
    assert np.count_nonzero(picked(with_drawing(STROKE, Stroke("clear", 0, ()))).image) > 20  # the stand-in


def test_a_drawing_for_another_shape_is_fitted():
    image = picked(with_drawing(STROKE, size=56, channels=3)).image
    gray = np.round(255 * ink_of([STROKE])).astype(np.uint8)
    np.testing.assert_array_equal(image, images.fit(gray, 56, 3))


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        (
            "notes.png",
            b"no picture",
            "“notes.png” is text, not a picture: PNG, JPEG, GIF, WebP, AVIF, TIFF and BMP can be read.",
        ),
        ("empty.gif", b"", "“empty.gif” is empty."),
    ],
)
def test_a_bad_upload_is_one_sentence(name, data, sentence):
    test = app({"t-image-source": "Upload"})
    test.file_uploader(key="t-image-upload").set_value((name, data, "image/png")).run()
    assert picked(test).caption.startswith("Digits")  # stands in
    assert [error.value for error in test.error] == [sentence]


def test_an_upload_is_fitted():
    array = np.random.default_rng(0).integers(0, 256, (30, 50, 3), np.uint8)
    test = app({"t-image-source": "Upload"}, size=20, channels=3)
    test.file_uploader(key="t-image-upload").set_value(("a.png", png(array), "image/png")).run()
    np.testing.assert_array_equal(picked(test).image, images.fit(array, 20, 3))
    assert picked(test).caption == "Your picture a.png"
