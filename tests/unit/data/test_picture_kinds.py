"""A file is known by what it holds, whatever it is called; what is not read is named, with what to do."""

import pytest

from cnn_core.data.picture_kinds import READ, Undecodable, kind_of
from tests.support.hostile_pictures import OTHERS, sound_pictures


@pytest.mark.parametrize("name", list(sound_pictures()))
def test_every_format_that_is_read_is_known(name):
    assert kind_of(sound_pictures()[name]) == name.split()[0]


def box_file(brand: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + brand + b"\0\0\0\0" + b"".join(compatible)
    return (4 + len(body)).to_bytes(4, "big") + body


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            box_file(b"heic", b"mif1", b"heic"),
            "is a HEIC photograph, which is not read here. Export it as JPEG",
        ),
        (box_file(b"mif1", b"heic"), "is a HEIC photograph"),
        (box_file(b"crx ", b"isom"), "is a camera's raw picture"),
        (b"II*\0\x10\0\0\0CR\2\0", "is a camera's raw picture"),
        (b"FUJIFILMCCD-RAW 0201", "is a camera's raw picture"),
        (b"II+\0\x08\0\0\0", "is a BigTIFF"),
        (box_file(b"isom", b"mp42"), "is a film. Save one of its frames"),
        (box_file(b"qt  "), "is a film"),
        (b"\x1a\x45\xdf\xa3\x01\0\0", "is a film"),
        (b"RIFF\0\0\0\0AVI LIST", "is a film"),
        (b"RIFF\0\0\0\0WAVEfmt ", "is a sound"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF document"),
        (b"8BPS\0\1", "is a Photoshop document. Export it as PNG"),
        (b"gimp xcf v011\0", "is a GIMP document"),
        (b"PK\3\4\x14\0\x06\0", "is a ZIP archive or an office document"),
        (b"\x1f\x8b\x08\0", "is an archive"),
        (b"\0\0\1\0\1\0\x10\x10", "is an icon"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "is a JPEG 2000 picture"),
        (b"\xff\x0a\xfa\x1f", "is a JPEG XL picture"),
        (b'<?xml version="1.0"?>\n<!-- made by hand -->\n<svg xmlns="x">', "is an SVG drawing"),
        ("Liebes Tagebuch, schöne Grüße. ".encode() * 100, "is text, not a picture"),
        (b"BMW is a car.", "is text, not a picture"),
        (b"<html><body>not found", "is text, not a picture"),
        (b"\x80\x04\x95\x10\0\0\0", f"is not a picture: {READ} can be read."),
    ],
)
def test_what_is_not_read_is_named(data, words):
    with pytest.raises(Undecodable) as caught:
        kind_of(data)
    assert str(caught.value).startswith(words)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("data", OTHERS)
def test_nothing_foreign_is_called_no_picture_at_all(data):
    with pytest.raises(Undecodable) as caught:
        kind_of(data)
    assert not str(caught.value).startswith("is not a picture")


def test_a_letter_cut_at_the_end_of_what_is_looked_at_leaves_it_text():
    with pytest.raises(Undecodable, match=r"^is text"):
        kind_of(b"a" * 1023 + "ö".encode())
