"""Uploads of every sort, made here: a picture or a sentence, never a traceback and never a bomb decoded."""

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from cnn_core.data import images
from cnn_core.data.images import ImageError, decode, fit, photographs


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def gradient(height: int = 40, width: int = 60) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows * 255 // height, columns * 255 // width, np.full_like(rows, 90)], -1).astype(
        np.uint8
    )


def png_claiming(width: int, height: int) -> bytes:
    """A valid PNG of that size, 400 kB for 400 million pixels: rows of zeros compress well."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    compressor = zlib.compressobj(9)
    row = bytes(1 + width)
    body = b"".join(compressor.compress(row) for _ in range(height)) + compressor.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "WEBP"])
def test_a_gray_picture_survives_unchanged(kind):
    gray = gradient()[..., 0]
    options = {"lossless": True} if kind == "WEBP" else {}
    picture = decode(encoded(Image.fromarray(gray), kind, **options))
    assert picture.dtype == np.uint8
    np.testing.assert_array_equal(picture, np.repeat(gray[..., None], 3, -1))


def test_rgb_survives_unchanged():
    np.testing.assert_array_equal(decode(encoded(Image.fromarray(gradient()), "PNG")), gradient())


def test_text_renamed_png():
    with pytest.raises(
        ImageError,
        match=r"^“notes\.png” is text, not a picture: PNG, JPEG, GIF, WebP, AVIF, TIFF and BMP can be read\.$",
    ):
        decode(b"Dear diary, this is no picture.", name="notes.png")


def test_an_empty_file():
    with pytest.raises(ImageError, match=r"^“nothing\.jpg” is empty\.$"):
        decode(b"", name="nothing.jpg")
    with pytest.raises(ImageError, match=r"^The file is empty\.$"):
        decode(b"")


def test_the_name_cannot_write_markdown_into_the_page():
    with pytest.raises(ImageError) as caught:
        decode(b"x", name="[click](http://a.example)<b>$x$`" + "a" * 200)
    assert not set("[]()<>$`*:/") & set(str(caught.value).split("”")[0])
    assert len(str(caught.value)) < 150


BOMB_CHECK = """
import resource, sys
from cnn_core.data.images import ImageError, decode
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    decode(sys.stdin.buffer.read(), name="bomb.png")
except ImageError as error:
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, error)
"""


def test_a_png_of_20000_by_20000_is_refused_without_decoding_it():
    bomb = png_claiming(20_000, 20_000)
    assert len(bomb) < 500_000
    result = subprocess.run([sys.executable, "-c", BOMB_CHECK], input=bomb, capture_output=True, check=True)
    megabytes, _, sentence = result.stdout.decode().partition(" ")
    assert sentence.startswith(
        "“bomb.png” has far too many pixels to be opened; at most 64 million are read."
    )
    assert int(megabytes) < 20  # decoded it would be 400


@pytest.mark.parametrize(
    ("width", "height", "sentence"),
    [
        (10_000, 10_000, r"is 10,000 × 10,000 pixels; at most 64 million are read"),
        (6_000, 6_000, r"is 6,000 × 6,000 pixels, which takes 144 MB of memory; .* or save it as JPEG"),
    ],
)
def test_large_pngs_are_refused_before_a_pixel_is_decoded(monkeypatch, width, height, sentence):
    bomb = png_claiming(width, height)
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(ImageError, match=sentence):
        decode(bomb)


def test_a_large_jpeg_is_reduced_while_it_is_decoded():
    large = Image.new("RGB", (7_000, 5_000), (200, 100, 50))
    picture = decode(encoded(large, "JPEG"))
    assert picture.shape == (731, 1024, 3)
    np.testing.assert_allclose(picture.reshape(-1, 3).mean(0), [200, 100, 50], atol=2)


def test_a_file_above_the_upload_limit():
    with pytest.raises(ImageError, match="has 21 MB; at most 20 MB are read"):
        decode(bytes(21_000_000))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame(kind):
    frames = [Image.new("RGB", (20, 10), color) for color in ("#C00000", "#00C000", "#0000C0")]
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50, **options)
    picture = decode(data)
    assert picture.shape == (10, 20, 3)
    np.testing.assert_array_equal(picture[5, 5], [0xC0, 0, 0])


def test_cmyk_jpeg():
    # Cyan takes the red away, and only it.
    data = encoded(Image.new("CMYK", (32, 32), (255, 0, 0, 0)), "JPEG", quality=95)
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == "CMYK"
    np.testing.assert_allclose(decode(data)[16, 16], [0, 255, 255], atol=3)


def test_16_bit_gray_is_scaled_not_clipped():
    values = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    data = encoded(Image.fromarray(values), "PNG")
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == "I;16"
    np.testing.assert_array_equal(decode(data)[..., 0].ravel(), np.arange(256))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation):
    image = Image.fromarray(gradient())
    exif = Image.Exif()
    exif[0x0112] = orientation
    # What a viewer has to do for each orientation, by the EXIF specification.
    turns = {1: lambda a: a, 2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1], 4: lambda a: a[::-1]}
    turns |= {5: lambda a: a.swapaxes(0, 1), 6: lambda a: np.rot90(a, -1), 8: lambda a: np.rot90(a)}
    turns |= {7: lambda a: a[::-1, ::-1].swapaxes(0, 1)}
    picture = decode(encoded(image, "PNG", exif=exif))
    np.testing.assert_array_equal(picture, turns[orientation](gradient()))


def test_transparency_lies_on_white():
    rgba = np.zeros((4, 4, 4), np.uint8)
    rgba[:2] = [255, 0, 0, 255]
    rgba[2] = [0, 0, 0, 127]
    picture = decode(encoded(Image.fromarray(rgba), "PNG"))
    np.testing.assert_array_equal(picture[:, 0], [[255, 0, 0], [255, 0, 0], [128, 128, 128], [255, 255, 255]])


def test_a_palette_with_a_transparent_colour():
    image = Image.new("P", (6, 6), 1)
    image.putpalette([0, 0, 0, 10, 20, 30])
    image.putpixel((0, 0), 0)
    picture = decode(encoded(image, "PNG", transparency=0))
    np.testing.assert_array_equal(picture[0, 0], [255, 255, 255])
    np.testing.assert_array_equal(picture[3, 3], [10, 20, 30])


def test_one_bit_and_one_pixel():
    np.testing.assert_array_equal(decode(encoded(Image.new("1", (1, 1), 1), "PNG")), [[[255, 255, 255]]])


PNG = encoded(Image.fromarray(gradient()), "PNG")
JPEG = encoded(Image.fromarray(gradient()), "JPEG")
GIF = encoded(Image.fromarray(gradient()), "GIF")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([PNG, JPEG, GIF]), st.integers(0, 2000), st.binary(max_size=40))
@example(JPEG, 300, b"")
@example(PNG, 60, b"\x00")
def test_damaged_files_are_a_picture_or_a_sentence(data, cut, rubbish):
    damaged = data[:cut] + rubbish + data[cut + 2 * len(rubbish) : -1 if cut % 2 else None]
    try:
        picture = decode(damaged, name="a.png")
    except ImageError as error:
        sentence = str(error)
    else:
        sentence = "A picture."
        assert picture.ndim == 3
        assert picture.dtype == np.uint8
        assert max(picture.shape[:2]) <= images.KEPT_SIDE
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_jpeg_cut_short_says_damaged():
    with pytest.raises(ImageError, match="is damaged: it begins like a picture but cannot be decoded"):
        decode(JPEG[: len(JPEG) // 2])


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
