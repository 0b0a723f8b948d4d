"""The fit to a network's input, photographs, and the sentence that a file that is not read ends in."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cnn_core import limits
from cnn_core.data import decoder_pool, images
from cnn_core.data.decoding import Picture
from cnn_core.data.images import ImageError, decode, fit, photographs
from cnn_core.data.picture_kinds import Undecodable


def gradient(height: int = 40, width: int = 60) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows * 255 // height, columns * 255 // width, np.full_like(rows, 90)], -1).astype(
        np.uint8
    )


def test_a_picture_comes_back_from_the_process_that_decodes_it():
    buffer = io.BytesIO()
    Image.fromarray(gradient()).save(buffer, "PNG")
    np.testing.assert_array_equal(decode(buffer.getvalue(), name="a.png"), gradient())


def test_text_renamed_png():
    words = r"^“notes\.png” is text, not a picture: PNG, JPEG, GIF, WebP, AVIF, TIFF and BMP can be read\.$"
    with pytest.raises(ImageError, match=words):
        decode(b"Dear diary, this is no picture.", name="notes.png")


def test_an_empty_file():
    with pytest.raises(ImageError, match=r"^“nothing\.jpg” is empty\.$") as caught:
        decode(b"", name="nothing.jpg")
    assert caught.value.fault == "is empty."
    with pytest.raises(ImageError, match=r"^The file is empty\.$"):
        decode(b"")


def test_the_name_cannot_write_markdown_into_the_page():
    with pytest.raises(ImageError) as caught:
        decode(b"x", name="[click](http://a.example)<b>$x$`" + "a" * 200)
    assert not set("[]()<>$`*:/") & set(str(caught.value).split("”")[0])
    assert len(str(caught.value)) < 160


def test_a_file_above_the_server_s_limit(monkeypatch):
    monkeypatch.setattr(decoder_pool, "decode", lambda data: pytest.fail("it was given to a decoder"))
    with pytest.raises(ImageError, match="has 21 MB; at most 20 MB are read"):
        decode(bytes(21_000_000))
    with limits.using(upload_mb=1), pytest.raises(ImageError, match="has 2 MB; at most 1 MB are read"):
        decode(bytes(2_000_000))


def test_what_was_done_to_a_picture_comes_with_it(monkeypatch):
    told = Picture(gradient(), "It is told.")
    monkeypatch.setattr(decoder_pool, "decode", lambda data: told)
    assert images.read(b"x", name="a.png") is told


def test_a_fault_is_a_sentence_that_begins_with_the_name(monkeypatch):
    def refuse(data: bytes) -> Picture:
        raise Undecodable("is damaged.")

    monkeypatch.setattr(decoder_pool, "decode", refuse)
    with pytest.raises(ImageError, match=r"^“a\.png” is damaged\.$"):
        images.read(b"x", name="a.png")


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(1, 50),
    width=st.integers(1, 50),
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    channels=st.sampled_from([1, 3]),
    level=st.integers(0, 255),
)
def test_fit_has_the_asked_shape_and_keeps_a_flat_colour(height, width, size, channels, level):
    fitted = fit(np.full((height, width, 3), level, np.uint8), size, channels)
    assert fitted.shape == (channels, *size)
    assert fitted.dtype == np.float32
    np.testing.assert_allclose(fitted, level / 255, atol=1e-6)


def test_fit_keeps_the_aspect_and_the_middle():
    wide = np.zeros((10, 30, 3), np.uint8)
    wide[:, 10:20] = 255  # the middle third is white, and is what a square keeps
    np.testing.assert_allclose(fit(wide, 10, 1), 1.0)


def test_fit_leaves_a_picture_of_the_right_size_alone():
    fitted = fit(gradient(), (40, 60), 3)
    np.testing.assert_array_equal(np.round(fitted * 255), gradient().transpose(2, 0, 1))
    gray = gradient()[..., :1]
    np.testing.assert_array_equal(np.round(fit(gray, (40, 60), 1) * 255), gray.transpose(2, 0, 1))


@pytest.mark.parametrize(
    ("image", "size", "channels", "message"),
    [
        (gradient(), 8, 2, "channels is 2; allowed is 1 or 3"),
        (gradient(), 0, 1, "size is 0; allowed is 1 or more for both sides"),
        (gradient().astype(np.float32), 8, 1, r"image is float32 \(40, 60, 3\)"),
        (np.zeros((4, 4, 4), np.uint8), 8, 1, r"image is uint8 \(4, 4, 4\)"),
    ],
)
def test_fit_names_a_wrong_argument(image, size, channels, message):
    with pytest.raises(ValueError, match=message):
        fit(image, size, channels)


def test_photographs_are_scikit_learn_s():
    pictures = photographs()
    assert list(pictures) == ["Flower", "Temple"]
    for picture in pictures.values():
        assert picture.shape == (427, 640, 3)
        assert not picture.flags.writeable
        assert picture.std() > 30
