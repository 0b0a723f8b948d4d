"""Files of every sort, made here: a picture or a sentence, never a traceback and never a bomb decoded."""

import io
import random
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from cnn_core.data import decoding
from cnn_core.data.picture_kinds import Undecodable
from tests.support.hostile_pictures import phone_exif, png_chunk, sound_pictures, with_exif


def decode(data: bytes) -> np.ndarray:
    return decoding.decode(data).pixels


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


BOMB_CHECK = """
import resource, sys
from cnn_core.data.decoding import decode
from cnn_core.data.picture_kinds import Undecodable
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    decode(sys.stdin.buffer.read())
except Undecodable as error:
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, error)
"""


def test_a_png_of_20000_by_20000_is_refused_without_decoding_it():
    bomb = png_claiming(20_000, 20_000)
    assert len(bomb) < 500_000
    result = subprocess.run([sys.executable, "-c", BOMB_CHECK], input=bomb, capture_output=True, check=True)
    megabytes, _, sentence = result.stdout.decode().partition(" ")
    assert sentence.startswith("has far too many pixels to be opened; at most 64 million are read.")
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
    with pytest.raises(Undecodable, match=sentence):
        decode(bomb)


def test_a_large_jpeg_is_reduced_while_it_is_decoded():
    large = Image.new("RGB", (7_000, 5_000), (200, 100, 50))
    picture = decode(encoded(large, "JPEG"))
    assert picture.shape == (366, 512, 3)
    np.testing.assert_allclose(picture.reshape(-1, 3).mean(0), [200, 100, 50], atol=2)


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
        picture = decode(damaged)
    except Undecodable as error:
        sentence = str(error)
    else:
        sentence = "A picture."
        assert picture.ndim == 3
        assert picture.dtype == np.uint8
        assert max(picture.shape[:2]) <= decoding.KEPT_SIDE
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_jpeg_cut_short_says_damaged():
    with pytest.raises(Undecodable, match="is damaged: it begins like a picture but cannot be decoded"):
        decode(JPEG[: len(JPEG) // 2])


CASES = sound_pictures()


@pytest.mark.parametrize("name", list(CASES))
def test_every_sound_picture_of_every_format_and_mode_is_read(name):
    picture = decoding.decode(CASES[name])
    assert picture.pixels.shape == (36, 48, 3)
    assert picture.note == ""
    assert (picture.alpha is not None) == name.endswith(("RGBA", "LA"))
    if name.endswith("RGB") and not name.startswith(("JPEG", "GIF")):
        wanted = np.mgrid[:36, :48][0] * 7
        np.testing.assert_allclose(
            picture.pixels[..., 0], wanted, atol=0 if name[:4] in ("PNG ", "BMP ") else 40
        )


def test_a_bitmap_of_four_gray_values_whose_second_is_transparent():
    # Bits 2, values 0 1 2 3 in a row of four: Pillow makes them 0 85 170 255 and compares those with the 1.
    data = _png_of(4, 1, 2, b"\x00\x1b", png_chunk(b"tRNS", b"\0\1"))
    picture = decoding.decode(data)
    np.testing.assert_array_equal(picture.pixels[0, :, 0], [0, 255, 170, 255])
    np.testing.assert_array_equal(picture.alpha[0], [255, 0, 255, 255])


@pytest.mark.parametrize(("colours", "pixel"), [(0, b"\x12\x34"), (2, b"\x12\x34\x56\x78\x9a\xbc")])
def test_a_transparent_value_of_16_bits(colours, pixel):
    other = bytes(255 - byte for byte in pixel)
    data = _png_of(2, 1, 16, b"\0" + pixel + other, png_chunk(b"tRNS", pixel), colours=colours)
    picture = decoding.decode(data)
    np.testing.assert_array_equal(picture.alpha[0], [0, 255])
    np.testing.assert_array_equal(picture.pixels[0, 0], [255, 255, 255])
    assert picture.pixels[0, 1, 0] == 255 - 0x12


def test_a_transparent_colour_of_8_bits_and_one_of_a_single_bit():
    data = _png_of(
        2, 1, 8, b"\0\x0a\x14\x1e\x0a\x14\x1f", png_chunk(b"tRNS", b"\0\x0a\0\x14\0\x1e"), colours=2
    )
    np.testing.assert_array_equal(decode(data)[0], [[255, 255, 255], [10, 20, 31]])
    bit = decoding.decode(_png_of(2, 1, 1, b"\0\x40", png_chunk(b"tRNS", b"\0\0")))
    np.testing.assert_array_equal(bit.alpha[0], [0, 255])


def _png_of(width: int, height: int, bits: int, rows: bytes, *more: bytes, colours: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
    chunks = [
        png_chunk(b"IHDR", header),
        *more,
        png_chunk(b"IDAT", zlib.compress(rows)),
        png_chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_what_would_vanish_on_white_is_said():
    rgba = np.full((4, 4, 4), 255, np.uint8)
    rgba[:, 2:, 3] = 0
    picture = decoding.decode(encoded(Image.fromarray(rgba), "PNG"))
    assert picture.pixels.min() == 255
    assert picture.note == "What is transparent in it is shown white, and on white nothing of it can be seen."
    np.testing.assert_array_equal(picture.alpha, rgba[..., 3])
    rgba[..., :3] = 20
    assert decoding.decode(encoded(Image.fromarray(rgba), "PNG")).note == ""


@pytest.mark.parametrize(("bits", "times"), [(8, 257), (10, 64), (12, 16)])
def test_values_of_fewer_bits_in_a_file_of_16_are_stretched_and_it_is_said(bits, times):
    top = 2**bits - 1
    values = np.linspace(0, top, 64).astype(np.uint16).reshape(8, 8)
    for kind in ("PNG", "TIFF"):
        picture = decoding.decode(encoded(Image.fromarray(values), kind))
        assert picture.note == (
            f"It has room for values up to 65,535 and none of its own is above {top:,}, as those of {bits} bits are: "
            f"it is shown {times} times as bright as it says."
        )
        np.testing.assert_array_equal(picture.pixels[..., 0], np.round(values * (255 / top)))


def test_values_above_12_bits_are_shown_as_they_are_without_a_word():
    picture = decoding.decode(encoded(Image.fromarray(np.full((2, 2), 4096, np.uint16)), "PNG"))
    assert picture.note == ""
    assert picture.pixels[0, 0, 0] == 16


def test_numbers_of_floating_point():
    values = np.array([[0, 0.5], [1, np.nan]], np.float32)
    picture = decoding.decode(encoded(Image.fromarray(values), "TIFF"))
    np.testing.assert_array_equal(picture.pixels[..., 0], [[0, 128], [255, 0]])
    picture = decoding.decode(encoded(Image.fromarray(values * 300), "TIFF"))
    assert picture.note == "Its numbers are not pixels' usual ones: its largest, 300, is shown white."
    np.testing.assert_array_equal(picture.pixels[0, :, 0], [0, 128])


def test_a_tiff_of_16_bits_whose_0_is_white():
    values = np.array([[0, 65535]], np.uint16)
    data = encoded(Image.fromarray(values), "TIFF")
    with Image.open(io.BytesIO(data)) as image:
        assert image.tag_v2[262] == 1
    entry = struct.pack("<HHIHH", 262, 3, 1, 1, 0)
    assert data.count(entry) == 1
    np.testing.assert_array_equal(decode(data)[0, :, 0], [0, 255])
    np.testing.assert_array_equal(decode(data.replace(entry, entry[:8] + bytes(4)))[0, :, 0], [255, 0])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_changed_byte_in_a_phone_s_exif_is_no_fault_of_the_picture(kind):
    chance = random.Random(0)
    picture = Image.new("RGB", (9, 7), "olive")
    assert decode(with_exif(kind, picture, phone_exif(orientation=6))).shape == (9, 7, 3)
    for _ in range(400):
        exif = bytearray(phone_exif(chance.choice("<>"), chance.randrange(1, 9)))
        for _ in range(chance.randrange(1, 4)):
            exif[chance.randrange(len(exif))] = chance.randrange(256)
        shown = decode(with_exif(kind, picture, bytes(exif)))
        assert sorted(shown.shape) == [3, 7, 9]
        np.testing.assert_allclose(shown, np.full_like(shown, 128) * [1, 1, 0], atol=4)


def _exif(resolution: bytes, after: bytes = b"") -> bytes:
    """An EXIF block that turns by 90 degrees and has that entry for the resolution."""
    return b"II*\0\x08\0\0\0\2\0" + struct.pack("<HHIHH", 274, 3, 1, 6, 0) + resolution + bytes(4) + after


@pytest.mark.parametrize(
    "exif",
    [
        _exif(struct.pack("<HHII", 282, 1, 1, 72)),
        _exif(struct.pack("<HHII", 282, 10, 1, 38), struct.pack("<iI", -72, 1)),
    ],
    ids=["a byte", "negative"],
)
def test_an_odd_resolution_leaves_the_picture_and_its_turn(exif):
    assert decode(with_exif("JPEG", Image.new("RGB", (9, 7)), exif)).shape == (9, 7, 3)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_junk_in_place_of_exif_leaves_the_picture_unturned(kind):
    junk = b"b'Exif\\x00\\x00II*'"
    np.testing.assert_allclose(
        decode(with_exif(kind, Image.new("RGB", (9, 7), "red"), junk))[0, 0], [255, 0, 0], atol=3
    )


def test_the_first_page_of_a_tiff_and_its_turn():
    pages = [Image.new("RGB", (9, 7), colour) for colour in ("red", "blue")]
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:], exif=exif)
    shown = decode(data)
    assert shown.shape == (9, 7, 3)
    np.testing.assert_array_equal(shown[0, 0], [255, 0, 0])
