"""The third part: a Module with an `if` in its `forward`, and the two graphs of two inputs."""

import textwrap

import streamlit as st

from cnn_core import pictures
from cnn_core.arrays import Floats
from cnn_core.figures.picture import Picture, of_images
from cnn_core.inside.branching import by_brightness_source, make_by_brightness
from cnn_core.inside.graph import Graph, record
from pages.train.inspect.drawing import show
from pages.train.inspect.keys import Key
from pages.train.inspect.subject import Subject
from pages.ui.link import in_link
from pages.ui.twin import twin
from pages.ui.words import count, plain

SIDE = 64  # px


def branches(shown: Subject) -> None:
    """An image and its negative, the way that each takes, and what then gets a gradient."""
    images, what = (shown.images, shown.images_title) if shown.images is not None else shown.a_few(8)
    code, choice = st.columns(2, gap="medium")
    with code:
        st.code(_forward(), language="python")
    with choice:
        number = st.number_input("Test image", 0, len(images) - 1, **in_link(Key.PICTURE), width=140)
        st.markdown("One network, two inputs: the image and its negative. The `if` sends each its own way.")
    pair = (images[number][None], 1 - images[number][None])
    dark, bright = sorted(pair, key=lambda one: float(one.mean()))
    graphs = _graphs(dark, bright, shown.architecture.classes)
    places = st.columns(2, gap="medium")
    with places[0]:
        first = _way("dark", Key.DARK, dark, *graphs)
    with places[1]:
        second = _way("bright", Key.BRIGHT, bright, *graphs[::-1])
    st.markdown(
        "The graph is **dynamic**: it is no drawing of the network but a record of what ran, made anew in every "
        "forward pass and thrown away after `backward()`. So `forward` may be any Python: an `if`, a loop, a layer "
        "called twice. What did not run is not in it, and its parameters' `.grad` stays `None` in this step."
    )
    twin(
        "Both graphs as tables",
        {picture.title: picture.numbers for picture in (first[0], second[0])},
        [*first, *second],
        f"ByBrightness, seed 0 · image {number} of {what}",
        key=Key.DARK,
    )


def _way(name: str, key: str, image: Floats, graph: Graph, other: Graph) -> list[Picture]:
    """The graph of the way that one of both images takes, what the other lacks marked; and the image."""
    only = graph.only_here(other)
    picture_at, words_at = st.columns([1, 4], vertical_alignment="center")
    picture_at.image(pictures.gray_png(image[0], max(1, SIDE // image.shape[-1])), width=SIDE)
    words_at.markdown(
        f"**Mean {plain(float(image.mean()))}**: {count(len(graph.nodes), 'node')}, {len(only)} of them only here "
        f"(framed). No gradient for {', '.join(f'`{one}`' for one in _modules(graph))}."
    )
    return [
        show(graph, key, f"The graph of the {name} image", marked=only),
        of_images(f"{key}-image", f"The {name} image", image, [f"mean {plain(float(image.mean()))}"]),
    ]


def _forward() -> str:
    """The class's `forward`, where the `if` stands."""
    source = by_brightness_source()
    return textwrap.dedent(source[source.index("    def forward") :])


def _modules(graph: Graph) -> list[str]:
    """The modules whose parameters get no gradient."""
    return list(dict.fromkeys(name.rpartition(".")[0] for name in graph.unused))


@st.cache_data(max_entries=32, show_spinner=False)
def _graphs(dark: Floats, bright: Floats, classes: int) -> tuple[Graph, Graph]:
    model = make_by_brightness(dark.shape[1], classes)
    return record(model, dark), record(model, bright)
