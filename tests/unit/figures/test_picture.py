"""The files that a picture leaves as: sound, titled, with their source, and the same whenever they are asked for."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from cnn_core.figures import charts
from cnn_core.figures.picture import TYPES, Picture, of_images, of_maps

ROOT = Path(__file__).parents[3]
SOURCE = "mnist-3conv on MNIST · conv1"
KERNEL = np.array([[[0.25, -0.5], [1.0, 0.0]]], np.float32)
TABLE = pd.DataFrame({"epoch": [1, 2], "loss": [0.5, 0.25]})


def line(title: str, source: str):
    return charts.lines(TABLE, "epoch", "loss", title=title, source=source, x_title="epoch", y_title="loss")


PICTURES = (
    of_maps("key", "Kernel $0$ of conv1", KERNEL, scope="this kernel"),
    of_images("key", "Two images", np.zeros((2, 1, 3, 3), np.float32), ["a 7", "a 1"]),
    Picture("key", "Loss & <more>", line, TABLE),
)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.title)
def test_the_files_are_sound_and_say_what_they_show_and_where_it_is_from(picture):
    with Image.open(BytesIO(picture.file("PNG", SOURCE))) as image:
        assert image.format == "PNG"
        assert image.width >= 1200
        assert image.convert("RGB").getpixel((1, 1)) == (255, 255, 255)
    root = ElementTree.fromstring(picture.file("SVG", SOURCE))
    texts = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert picture.title in texts
    assert f"ConvLens · {SOURCE}" in texts
    assert picture.file("PDF", SOURCE).startswith(b"%PDF-")


@pytest.mark.parametrize("kind", ["PNG", "SVG", "PDF"])
def test_the_same_picture_gives_the_same_file(kind):
    first, second = (picture.file(kind, SOURCE) for picture in (PICTURES[0], PICTURES[0]))
    assert first == second
    assert b"CreationDate" not in first
    assert b"dc:date" not in first


def test_an_array_leaves_as_it_lies():
    picture = PICTURES[0]
    assert picture.formats == ("PNG", "SVG", "PDF", "CSV", "NPY")
    np.testing.assert_array_equal(np.load(BytesIO(picture.file("NPY", ""))), KERNEL[0])
    assert picture.file("CSV", "").decode() == "0.25,-0.5\n1.0,0.0\n"


def test_an_array_of_more_axes_leaves_as_a_line_a_cell():
    values = np.arange(8, dtype=np.float32).reshape(2, 2, 2)
    table = pd.read_csv(BytesIO(of_maps("key", "Two maps", values, names=["a", "b"]).file("CSV", "")))
    assert list(table) == ["map", "row", "column", "value"]
    assert table.iloc[5].tolist() == [1, 0, 1, 5.0]
    pixels = pd.read_csv(BytesIO(PICTURES[1].file("CSV", "")))
    assert list(pixels) == ["image", "channel", "row", "column", "value"]
    assert len(pixels) == 18


def test_a_chart_leaves_as_its_table():
    picture = PICTURES[2]
    assert picture.formats == ("PNG", "SVG", "PDF", "CSV")
    pd.testing.assert_frame_equal(pd.read_csv(BytesIO(picture.file("CSV", ""))), TABLE)


def test_every_format_has_its_type_and_another_is_refused():
    assert all(kind in TYPES for picture in PICTURES for kind in picture.formats)
    with pytest.raises(ValueError, match="NPY"):
        PICTURES[2].file("NPY", "")


@pytest.mark.parametrize(
    ("title", "name"),
    [("Before: conv1, map 3", "before-conv1-map-3.png"), ("→", "picture.png"), ("Señal ../x", "senal-x.png")],
)
def test_a_file_s_name_is_one_that_every_disk_takes(title, name):
    assert Picture("key", title, line, TABLE).file_name("PNG") == name


def test_a_picture_costs_no_matplotlib_until_a_file_is_asked_for_and_never_pyplot():
    code = """
import sys, numpy as np
from cnn_core.figures.picture import of_maps
picture = of_maps("key", "A map", np.ones((1, 2, 2)))
assert "matplotlib" not in sys.modules
picture.file("PNG", "")
assert "matplotlib" in sys.modules
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
