"""Small pictures in a grid, each with its words: one element on the page, however many there are."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape

import streamlit as st

from cnn_core import pictures
from cnn_core.arrays import Floats
from cnn_core.figures.picture import Picture, of_images

STYLE = """<style>
.gallery { display: flex; flex-wrap: wrap; gap: 12px 16px; }
.gallery figure { margin: 0; }
.gallery img { image-rendering: pixelated; display: block; max-width: none; }
.gallery figcaption { font-size: 14px; line-height: 1.35; white-space: pre-line; }
</style>"""


def gallery(images: Floats, captions: Sequence[str], *, key: str, title: str, side: int = 112) -> Picture:
    """Show pixels (N, C, H, W) in 0..1 with plain-text captions, enlarged by a whole factor to at most `side`.

    What is returned is for `twin`, so that all of them can leave the page together under `title`.
    """
    factor = pictures.whole_factor(images.shape[2], images.shape[3], side)
    height, width = (factor * size for size in images.shape[2:])
    figures = []
    for image, caption in zip(images, captions):
        data = b64encode(pictures.gray_png(image)).decode()
        text = escape(caption)
        figures.append(
            f'<figure style="width:{width}px"><img src="data:image/png;base64,{data}" width="{width}"'
            f' height="{height}" alt="{text}"><figcaption>{text}</figcaption></figure>'
        )
    st.html(f'{STYLE}<div class="gallery">{"".join(figures)}</div>')
    return of_images(key, title, images, captions)
