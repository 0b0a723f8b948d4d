"""The image picker that pages share: a dataset's sample, a photograph, a drawing, an upload or the camera."""

import hashlib
import random
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.checkpoints import Card
from cnn_core.data import catalog, datasets, images
from cnn_core.data.drawing import MNIST, SIDE, DrawingStages, Preparation, prepare_ink, preprocess_drawing
from cnn_core.data.ink import ink_on_paper
from pages.ui import drawing, own_picture
from pages.ui.drawing import Drawing
from pages.ui.keys import ImagePart
from pages.ui.link import in_link
from pages.ui.own_picture import OwnPicture
from pages.ui.stages import stages_row
from pages.ui.words import as_text, sentence

SOURCES = {
    "sample": "Dataset sample",
    "photograph": "Photograph",
    "drawing": "Drawing",
    "upload": "Upload",
    "camera": "Camera",
}
OWN = ("upload", "camera")
ANY_CLASS = "any"
PAD_SIDE = 224  # fits beside a page's picture, where the picker mostly stands


@dataclass(frozen=True, eq=False)
class PickedImage:
    """An image `(C, H, W)` float32 in 0..1, what it is, and for a sample its dataset and class's index.

    `stages` is how it was prepared, where it is a drawing or like one. The caption is yet to be made Markdown: a
    file's name can be in it.
    """

    image: Floats
    caption: str
    label: int | None = None
    dataset: str | None = None
    stages: DrawingStages | None = None

    @cached_property
    def digest(self) -> str:
        """A short text that changes with any pixel: the key to cache by."""
        return hashlib.sha1(self.image.tobytes() + str(self.image.shape).encode()).hexdigest()[:16]


def pick_image(
    prefix_key: str,
    *,
    size: int | tuple[int, int],
    channels: int,
    sources: tuple[str, ...] = tuple(SOURCES),
    dataset: str | None = None,
    how: Preparation = MNIST,
    drawn: bool = False,
    explained: bool = True,
) -> PickedImage:
    """The image that a page works on, fitted to `(channels, *size)`.

    While nothing is drawn or brought, a test image stands in, and a sentence says so.

    Args:
        prefix_key: begins the keys of the widgets, which are URL parameters too ("conv-image").
        size: height and width, or one number for both.
        channels: 1 for gray, 3 for RGB.
        sources: which of `SOURCES` are offered, the first by default.
        dataset: the only dataset that samples come from (a model's own); else one is chosen.
        how: how a drawing is prepared for a network that takes `(1, SIDE, SIDE)`.
        drawn: an own picture can be prepared as a drawing is, and is unless that is switched off.
        explained: its preparation is shown with the picker.
    """
    height, width = (size, size) if isinstance(size, int) else size
    fit = ((height, width), channels)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        source = sources[0] if len(sources) == 1 else _pick_source(prefix_key, sources)
        if source == "sample":
            return _sample(prefix_key, *fit, dataset)
        if source == "photograph":
            return _photograph(prefix_key, *fit)
        own = own_picture.kept(prefix_key, source) if source in OWN else None
        prepared = own is not None and drawn and _prepared_toggle(prefix_key)
    if source == "drawing":
        return _drawing(prefix_key, *fit, how) or _stand_in("drawn", *fit, dataset)
    if own is None:
        own_picture.ask(prefix_key, source)
        return _stand_in("brought", *fit, dataset)
    if own.picture.note:
        st.caption(own.picture.note)
    stages = _stages(own, how) if prepared else None
    if stages is not None and stages.is_empty:
        st.caption("Nothing stands out from the paper, so that it is taken as a photograph.")
    elif stages is not None:
        return _as_drawing(prefix_key, own, stages, explained)
    return PickedImage(images.fit(own.picture.pixels, *fit), own.caption)


def pick_image_for(
    card: Card, prefix_key: str, sources: tuple[str, ...] = tuple(SOURCES), *, explained: bool = True
) -> PickedImage:
    """An image of the kind that a model reads, samples from its own dataset where this machine knows it.

    A card from another machine may name a dataset that is not known here: then one is chosen. Arguments and result
    are those of `pick_image`.
    """
    channels, *size = card.architecture.input_shape
    known = catalog.find(card.dataset)
    return pick_image(
        prefix_key,
        size=(size[0], size[1]),
        channels=channels,
        sources=sources,
        dataset=known.name if known else None,
        how=preparation(card),
        drawn=known is not None and known.drawn and (channels, *size) == (1, SIDE, SIDE),
        explained=explained,
    )


def preparation(card: Card) -> Preparation:
    """How a drawing is prepared for a network: as its dataset was; as MNIST where that is not known."""
    known = catalog.find(card.dataset)
    return MNIST if known is None or known.preparation is None else known.preparation


def in_link_of(prefix_key: str, source: str) -> dict[str, str]:
    """What a link to a page says so that its picker, of `prefix_key`, begins with a source of `SOURCES`."""
    return {f"{prefix_key}-{ImagePart.SOURCE}": SOURCES[source]}


def _pick_source(prefix: str, sources: tuple[str, ...]) -> str:
    return st.selectbox(
        "Image",
        sources,
        format_func=SOURCES.__getitem__,
        **in_link(f"{prefix}-{ImagePart.SOURCE}"),
        width=180,
    )


def _sample(prefix: str, size: tuple[int, int], channels: int, only: str | None) -> PickedImage:
    name = _pick_dataset(prefix) if only is None else only
    if problem := datasets.problem(name):
        name = catalog.built_in()
        st.caption(
            f"{sentence(str(problem))} Until then, these are the built-in {catalog.title(name).lower()}."
        )
    data = datasets.load(name)
    chosen = st.selectbox(
        "Class",
        (ANY_CLASS, *data.classes),
        **in_link(f"{prefix}-{ImagePart.CLASS}"),
        width=130,
    )
    numbers = np.arange(len(data.y_test))
    if chosen in data.classes:
        numbers = np.flatnonzero(data.y_test == data.classes.index(chosen))
    number_key = f"{prefix}-{ImagePart.NUMBER}"
    place = st.number_input(
        "Number",
        0,
        len(numbers) - 1,
        0,
        **in_link(number_key),
        width=130,
        help=f"Of the {len(numbers):,} test images chosen.",
    )
    st.button(
        "Another one",
        key=f"{prefix}-{ImagePart.ANOTHER}",
        icon=":material/casino:",
        on_click=_another,
        args=(number_key, len(numbers)),
    )
    index = int(numbers[place])
    label = int(data.y_test[index])
    picture = images.fit(data.x_test[index], size, channels)
    return PickedImage(picture, f"{data.title}, test image {index}: {data.classes[label]}", label, name)


def _pick_dataset(prefix: str) -> str:
    names = [info.name for info in catalog.all_infos()]
    return st.selectbox(
        "Dataset",
        names,
        names.index(datasets.first()),
        format_func=catalog.title,
        **in_link(f"{prefix}-{ImagePart.DATASET}"),
        width=170,
    )


def _another(key: str, count: int) -> None:
    st.session_state[key] = random.randrange(count)


def _photograph(prefix: str, size: tuple[int, int], channels: int) -> PickedImage:
    titles = list(images.photographs())
    title = st.selectbox("Photograph", titles, **in_link(f"{prefix}-{ImagePart.PHOTOGRAPH}"), width=170)
    return PickedImage(_fitted_photograph(title, size, channels), f"Photograph: {title.lower()}")


@st.cache_data(max_entries=64, show_spinner=False)
def _fitted_photograph(title: str, size: tuple[int, int], channels: int) -> Floats:
    return images.fit(images.photographs()[title], size, channels)


def _drawing(prefix: str, size: tuple[int, int], channels: int, how: Preparation) -> PickedImage | None:
    drawn = drawing.pad(f"{prefix}-{ImagePart.DRAWING}", side=PAD_SIDE)
    if drawn is None:
        return None
    return of_drawing(drawn, size, channels, how)


def of_drawing(drawn: Drawing, size: tuple[int, int], channels: int, how: Preparation | None) -> PickedImage:
    """What a network gets of a drawing: prepared as its dataset was where it takes that shape, else merely fitted."""
    if how is not None and (channels, *size) == (1, SIDE, SIDE):
        stages = preprocess_drawing(drawn.ink, how)
        return PickedImage(stages.network_input[None], "Your drawing", stages=stages)
    gray = np.round(255 * drawn.ink).astype(np.uint8)
    return PickedImage(images.fit(gray, size, channels), "Your drawing")


def _stand_in(what: str, size: tuple[int, int], channels: int, dataset: str | None) -> PickedImage:
    """The first test image, with a sentence on why; a link holds neither drawings nor pictures."""
    name = datasets.first() if dataset is None or datasets.problem(dataset) else dataset
    data = datasets.load(name)
    caption = f"{data.title}, test image 0: {data.classes[data.y_test[0]]}"
    st.caption(f"Nothing is {what} in this browser yet. Until then: {as_text(caption)}.")
    # Where the picker is folded away, what stands at the image says it too.
    whose = f"{caption} (nothing is {what} in this browser yet)"
    return PickedImage(images.fit(data.x_test[0], size, channels), whose)


def _prepared_toggle(prefix: str) -> bool:
    return st.toggle(
        "Prepare it like a drawing",
        True,
        **in_link(f"{prefix}-{ImagePart.PREPARED}"),
        help="The ink is found on the paper, cropped, shrunk and centred, white on black, as the images were that "
        "this network learned from. Switched off, the picture is made small and gray as a photograph is.",
    )


def _as_drawing(prefix: str, own: OwnPicture, stages: DrawingStages, explained: bool) -> PickedImage:
    if explained:
        shown = st.expander("Its way into the network", icon=":material/route:", on_change="rerun")
        if shown.open:
            with shown:
                stages_row(stages, f"{prefix}-{ImagePart.STAGES}", found=True)
    caption = f"{own.caption}, prepared like a drawing"
    return PickedImage(stages.network_input[None], caption, stages=stages)


def _stages(own: OwnPicture, how: Preparation) -> DrawingStages:
    return _stages_by_digest(own.digest, how, own)


@st.cache_data(max_entries=8, show_spinner=False)
def _stages_by_digest(digest: str, how: Preparation, _own: OwnPicture) -> DrawingStages:
    return prepare_ink(ink_on_paper(_own.picture.pixels, _own.picture.alpha), how)
