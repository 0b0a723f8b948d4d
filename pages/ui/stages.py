"""A drawing's way into a network: the pictures of its stages in a row, what each is in words below it."""

import streamlit as st

from cnn_core import pictures
from cnn_core.arrays import Floats
from cnn_core.data.drawing import MASS_AT, SIDE, DrawingStages
from cnn_core.figures.picture import Picture, of_maps

SHOWN = 224  # pixels of a picture in a row; 8 × 28, and four fit 1280 beside the sidebar


def stages_row(stages: DrawingStages, key: str, *, found: bool = False) -> list[Picture]:
    """The drawing after each step of its preparation, and before them its ink where that was `found` on paper.

    `key` begins the pictures' keys; returns them for files.
    """
    top, bottom, left, right = stages.box
    height, width = stages.boxed.shape
    row, column = stages.centre_of_mass
    placed = f"**3. Place** it in the middle of {SIDE}×{SIDE}."
    steps = [
        (
            stages.cropped,
            f"**1. Crop.** There is ink only in rows {top} to {bottom - 1} and columns {left} to {right - 1} "
            f"of the {'picture' if found else 'paper'}.",
        ),
        (
            stages.boxed,
            f"**2. Shrink** the longer side to {stages.how.box} pixels: {height}×{width}. A new pixel is the mean of "
            "the area it covers.",
        ),
    ]
    if stages.how.by_mass:
        down, right = stages.move
        steps += [
            (
                stages.centred_box,
                f"{placed} The centre of mass is at row {row:.1f}, column {column:.1f}.",
            ),
            (
                stages.network_input,
                f"**4. Move** it {abs(down)} {'up' if down < 0 else 'down'} and {abs(right)} "
                f"{'left' if right < 0 else 'right'}: the whole pixels that bring the centre of mass nearest to "
                f"{MASS_AT:.0f}, {MASS_AT:.0f}, where MNIST's images have it.",
            ),
        ]
    else:
        steps.append((stages.network_input, f"{placed} So were the images that this network learned from."))
    if found:
        height, width = stages.ink.shape
        words = (
            f"**0. Find the ink** in {height}×{width} pixels: what stands out from the paper, dark or light, is white "
            "now; the paper, however the light falls on it, is black."
        )
        steps.insert(0, (stages.ink, words))
    return pictures_row(key, *steps)


def pictures_row(key: str, *shown: tuple[Floats, str]) -> list[Picture]:
    """Gray pictures `(H, W)` of one size on the page, with words below; as many in a row as the screen has room for.

    `key` begins their keys; what the words have in bold names them in a file.
    """
    with st.container(horizontal=True, gap="small"):
        for image, words in shown:
            height, width = image.shape
            with st.container(width=SHOWN):
                factor = pictures.whole_factor(height, width, SHOWN)
                st.image(pictures.gray_png(image, factor), width=max(8, SHOWN * width // max(height, width)))
                st.markdown(words)
    titles = [words.split("**")[1] for _, words in shown]
    return [_picture(f"{key}-{at}", titles[at], image) for at, (image, _) in enumerate(shown)]


def _picture(key: str, title: str, image: Floats) -> Picture:
    """Pixels `(H, W)` in 0..1 for a file."""
    return of_maps(key, title, image[None], scale="pixels", limits=(0.0, 1.0), scope="0 black, 1 white")
