"""What is left of a picture's file before it is decoded: its pixels, and nothing that only costs."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from cnn_core.data import containers
from cnn_core.data.containers import bare, orientation
from cnn_core.data.picture_kinds import Undecodable
from tests.support.hostile_pictures import (
    encoded,
    gif_of_frames,
    jpeg_of_scans,
    phone_exif,
    png,
    png_chunk,
    sound_pictures,
    tiff,
    with_exif,
)

PICTURE = Image.fromarray((np.mgrid[:7, :9].sum(0) * 10).astype(np.uint8)).convert("RGB")


def pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))


@pytest.mark.parametrize("name", [name for name in sound_pictures() if "F" not in name.split()])
def test_the_first_frame_s_pixels_are_what_they_were(name):
    data = sound_pictures()[name]
    file = bare(data)
    with Image.open(io.BytesIO(file.data), formats=(file.kind,)) as image:
        assert getattr(image, "n_frames", 1) == 1 or file.kind == "AVIF"
        assert "exif" not in image.info
    np.testing.assert_array_equal(pixels(file.data), pixels(data))


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_orientation_is_taken_from_exif_and_the_rest_is_dropped(kind, turn, order):
    file = bare(with_exif(kind, PICTURE, phone_exif(order, turn)))
    assert (file.kind, file.orientation) == (kind, turn)
    assert b"Phone 12 Pro" not in file.data


@pytest.mark.parametrize(
    "exif", [b"", b"II*\0", b"Exif\0\0", b"b'Exif\\x00\\x00II*'", phone_exif()[:20], b"II*\0\xff\xff\xff\xff"]
)
def test_an_orientation_that_cannot_be_read_is_none(exif):
    assert orientation(exif) == 1


@pytest.mark.parametrize(
    ("form", "count", "value", "found"),
    [(3, 1, 6, 6), (4, 1, 6, 6), (3, 1, 9, 1), (3, 2, 6, 1), (2, 1, 6, 1)],
)
def test_an_orientation_is_one_number_from_1_to_8(form, count, value, found):
    assert orientation(tiff([(274, form, count, value)])) == found


def test_a_png_keeps_what_its_pixels_need():
    texts = [png_chunk(b"tEXt", b"a\0b"), png_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(1000)))]
    plain = png(5, 4)
    assert bare(png(5, 4, *texts)).data == bare(plain).data == plain
    file = bare(png(5, 4, png_chunk(b"tRNS", b"\xff\x02"), bits=2))
    assert (file.transparent, file.bits) == ((2,), 2)  # the bits above those of a sample mean nothing
    assert file.data == png(5, 4, bits=2)
    palette = png(5, 4, png_chunk(b"PLTE", bytes(6)), png_chunk(b"tRNS", b"\0\xff"), colours=3)
    assert bare(palette).data == palette


@pytest.mark.parametrize(
    "data",
    [
        png(1, 1, *[png_chunk(b"tEXt", b"")] * containers.MAX_PIECES),
        b"\xff\xd8" + b"\xff\xfe\0\2" * (containers.MAX_PIECES + 1),
        b"GIF89a\1\0\1\0\0\0\0" + b"!\xfe" + b"\1a" * (containers.MAX_PIECES + 1),
        b"RIFF\0\0\0\0WEBP" + b"XXXX\0\0\0\0" * (containers.MAX_PIECES + 1),
    ],
    ids=["PNG", "JPEG", "GIF", "WEBP"],
)
def test_pieces_are_counted(data):
    with pytest.raises(Undecodable, match=r"^is made of more than 100,000 pieces\."):
        bare(data)


def test_scans_are_counted_before_anything_is_decoded(monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *arguments: pytest.fail("it was opened"))
    with pytest.raises(Undecodable, match=r"^is a JPEG of 110 scans, which takes too long to decode"):
        bare(jpeg_of_scans(64, 100))
    with pytest.raises(Undecodable, match=r"^is a JPEG of 60 scans"):  # each over 20 million pixels
        bare(_saying(jpeg_of_scans(64, 50), 4_500))
    assert bare(_saying(jpeg_of_scans(64, 0), 4_500)).kind == "JPEG"


def _saying(jpeg: bytes, side: int) -> bytes:
    at = jpeg.index(b"\xff\xc2")
    return jpeg[: at + 5] + struct.pack(">HH", side, side) + jpeg[at + 9 :]


def test_a_jpeg_keeps_what_says_its_colours_and_ends_where_it_ends():
    data = encoded(Image.new("CMYK", (9, 7), (255, 0, 0, 0)), "JPEG", quality=95)
    long = data[:2] + b"\xff\xe2\0\6MPF\0" + b"\xff\xff" + data[2:] + b"and a film behind it"
    file = bare(long)
    assert file.data == data.replace(b"\xff\xff", b"\xff")
    assert b"Adobe" in file.data


def test_of_a_gif_s_frames_the_first_is_kept():
    assert bare(gif_of_frames(100_000)).data == gif_of_frames(1)


def test_a_directory_of_a_tiff_that_is_larger_than_its_file():
    strips = tiff([(256, 4, 1, 9), (257, 4, 1, 9), (273, 4, 1 << 24, 8), (279, 4, 1 << 24, 8)])
    with pytest.raises(Undecodable, match=r"^is damaged: its directory is larger than the file"):
        bare(strips)


def test_a_tiff_names_no_second_page_and_no_metadata():
    data = sound_pictures()["TIFF moving"]
    kept = bare(data).data
    (place,) = struct.unpack("<I", kept[4:8])
    (count,) = struct.unpack("<H", kept[place : place + 2])
    tags = [struct.unpack("<H", kept[at : at + 2])[0] for at in range(place + 2, place + 2 + 12 * count, 12)]
    assert set(tags) <= containers._TIFF_NEEDED
    assert kept[place + 2 + 12 * count :] == bytes(4)


def test_a_small_picture_of_a_raw_one_is_not_taken_for_it():
    for entry in ((254, 4, 1, 1), (0xC612, 1, 4, 0x00000401)):
        with pytest.raises(Undecodable, match=r"^is a camera's raw picture"):
            bare(tiff([entry, (256, 4, 1, 9), (257, 4, 1, 9)]))


def test_an_avif_s_exif_is_made_unknown():
    exif = Image.Exif()
    exif[271] = "Phone"
    data = encoded(PICTURE, "AVIF", exif=exif)
    with Image.open(io.BytesIO(data)) as image:
        assert image.getexif()[271] == "Phone"
    with Image.open(io.BytesIO(bare(data).data)) as image:
        assert 271 not in image.getexif()
