"""What the page is for: something to read, the map of the network that reads it, and the same as a table."""

import streamlit as st

from cnn_core.checkpoints import CheckpointError
from cnn_core.data.drawing import SIDE
from pages.inside.network import place, words
from pages.inside.network.keys import Key
from pages.inside.network.network_map import Given, network_map
from pages.ui import drawing
from pages.ui.components.engine import describe
from pages.ui.controls import choose, segments
from pages.ui.download import made_by
from pages.ui.image_source import SOURCES, PickedImage, of_drawing, preparation
from pages.ui.layer_answers import layer_answers, pick_by
from pages.ui.models import ModelRef, load_model
from pages.ui.twin import twin
from pages.ui.words import as_text, sentence

DRAWING, IMAGE = "Drawing", "Image"
SCALES = {"Scale per map": "map", "Scale per layer": "layer", "One scale": "network"}
COLUMNS = ["Whole network", "Every layer"]
# As high as the screen has room below the row of controls; on a phone the map stands below the paper.
HEIGHT = "clamp(18rem, var(--cl-room, 100dvh - 12rem), max(62vw, 46rem))"


@st.fragment  # a stroke, another image, another scale or place changes nothing else of the page
def explore(ref: ModelRef) -> None:
    """The controls, the map, and its numbers as a table."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        drawn = _takes_drawings(ref) and (
            segments("What to read", [DRAWING, IMAGE], Key.INPUT, DRAWING, hide_label=True) == DRAWING
        )
        picked = None if drawn else _pick(ref)
        scale = choose("Scale", list(SCALES), Key.SCALE, next(iter(SCALES)), width=170, hide_label=True)
        columns = choose("Columns", COLUMNS, Key.COLUMNS, COLUMNS[0], width=160, hide_label=True)
    place.read_link()
    network_map(
        Key.MAP,
        describe(ref),
        ref.card.architecture,
        Given(drawing.strokes(), preparation(ref.card), picked, on_draw=drawing.keep),
        scale=SCALES[scale],
        folds=columns == COLUMNS[0],
        place=place.current(),
        on_place=place.put,
        height=HEIGHT,
    )
    place.write_link()
    _as_table(ref, picked or _drawn(ref))


def _takes_drawings(ref: ModelRef) -> bool:
    return ref.card.architecture.input_shape == (1, SIDE, SIDE)


def _pick(ref: ModelRef) -> PickedImage:
    sources = tuple(source for source in SOURCES if source != "drawing")
    return pick_by(ref.card, Key.IMAGE, another=True, sources=sources)


def _drawn(ref: ModelRef) -> PickedImage | None:
    current = drawing.current()
    return None if current is None else of_drawing(current, (SIDE, SIDE), 1, preparation(ref.card))


def _as_table(ref: ModelRef, picked: PickedImage | None) -> None:
    """What torch says of every layer, for who reads rather than looks."""
    if picked is None:
        st.markdown(
            "**Draw a digit.** Which layer answers first, and where do the maps stop looking like it?"
        )
        return
    try:
        checkpoint = load_model(ref)
    except CheckpointError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        return
    layers = layer_answers(ref, checkpoint, picked)
    st.markdown(words.reading(layers[-1].values[:, 0, 0], ref.card.classes))
    twin(
        "Every layer as a table",
        words.tables(layers, ref.card.classes),
        source=f"{made_by(ref)} · {as_text(picked.caption)}",
        formats={"least": "%.4g", "mean": "%.4g", "largest": "%.4g", "zeros": "percent"},
    )
