"""The shift test on a trained network: its probabilities, its answers, and the change after every layer."""

import pandas as pd
import streamlit as st

from cnn_core.arrays import Floats, to_float
from cnn_core.checkpoints import CheckpointError
from cnn_core.data import catalog, datasets
from cnn_core.inside.network_shift import NetworkShift, shift_network
from pages.operations.pooling.keys import Key
from pages.operations.pooling.shift_charts import FARTHEST, SHIFT, bars, lines
from pages.operations.pooling.situation import Situation
from pages.ui.download import made_by
from pages.ui.models import ModelRef, load_model, pick_model
from pages.ui.twin import twin
from pages.ui.words import as_text, percent, sentence

IMAGES = 100  # test images that are averaged over


def network_test(situation: Situation, down: int, right: int) -> None:
    """The model's answers over all shifts to the right, for the image and for test images."""
    ref = pick_model(st.container())
    if ref is None:
        return
    image, caption, many = chosen_images(ref, situation)
    if image is None:
        st.info(
            f"{as_text(ref.label)} reads images of another size than this one, and its dataset is not here."
        )
        return
    try:
        with st.spinner("Moving the images…", show_time=True):
            one = moved(ref, image[None], down)
            all_ = None if many is None else moved_samples(ref, len(many), down)
    except CheckpointError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        return
    except ValueError as error:  # logits that are no numbers
        st.warning(f"{as_text(ref.label)} gives no probabilities here: {as_text(str(error))}")
        return
    left, middle = st.columns(2)
    with left:
        one_image(ref, one, caption, right)
    with middle:
        if all_ is None:
            st.info(f"The dataset of {as_text(ref.label)} is not on this machine: only this image is moved.")
        else:
            many_images(ref, all_, right)
    layer_changes(ref, one if all_ is None else all_, caption if all_ is None else "", right)


def chosen_images(ref: ModelRef, situation: Situation) -> tuple[Floats | None, str, Floats | None]:
    """The page's image where the model can read it, else its dataset's first test image; then test images."""
    many = samples(ref.card.dataset) if ref.card.dataset in datasets.available() else None
    if (1, *situation.image.shape) == tuple(ref.card.architecture.input_shape):
        return situation.image[None], situation.caption, many
    if many is None:
        return None, "", None
    return many[0], f"{catalog.title(ref.card.dataset)}, test image 0", many


@st.cache_data(max_entries=4, show_spinner=False)
def samples(name: str) -> Floats:
    """The first test images of a dataset, `(N, C, H, W)` in 0..1."""
    return to_float(datasets.load(name).x_test[:IMAGES])


def all_shifts(down: int) -> list[tuple[int, int]]:
    """Every shift of the curves, (rows, columns)."""
    return [(down, right) for right in range(-FARTHEST, FARTHEST + 1)]


def moved(ref: ModelRef, images: Floats, down: int) -> NetworkShift:
    """The network on the images at every shift, computed once."""
    return _moved(ref.key, ref.stamp, down, images, ref)


@st.cache_data(max_entries=64, show_spinner=False)
def _moved(key: str, stamp: int, down: int, images: Floats, _ref: ModelRef) -> NetworkShift:
    return shift_network(load_model(_ref).model, images, all_shifts(down))


def moved_samples(ref: ModelRef, count: int, down: int) -> NetworkShift:
    """The network on its dataset's first `count` test images at every shift, computed once."""
    return _moved_samples(ref.key, ref.stamp, ref.card.dataset, count, down, ref)


@st.cache_data(max_entries=64, show_spinner=False)
def _moved_samples(key: str, stamp: int, dataset: str, count: int, down: int, _ref: ModelRef) -> NetworkShift:
    return shift_network(load_model(_ref).model, samples(dataset)[:count], all_shifts(down))


def one_image(ref: ModelRef, seen: NetworkShift, caption: str, right: int) -> None:
    """The probability of the class that the unmoved image is read as, and what is read instead."""
    classes = ref.card.classes
    first = int(seen.unmoved[0].argmax())
    chance = seen.probabilities[:, 0, first]
    read = [classes[k] for k in seen.probabilities[:, 0].argmax(-1)]
    frame = pd.DataFrame(
        {
            SHIFT: [shift[1] for shift in seen.shifts],
            "probability": chance.astype(float),
            "read as": read,
        }
    )
    at = right + FARTHEST
    st.markdown(
        f"**This image** ({as_text(caption)}) is read as **{as_text(classes[first])}**"
        f" ({percent(seen.unmoved[0, first])}); moved as above as **{as_text(read[at])}**, with"
        f" {percent(chance[at])} for {as_text(classes[first])}."
    )
    curve = lines(
        frame,
        y="probability",
        today=right,
        key=Key.CHANCE,
        title=f"Probability of {classes[first]} by the shift",
        share=f"probability of {classes[first]}; what is read",
        label="read as",
    )
    twin(
        "This curve as a table", {"One image": frame}, [curve], f"{made_by(ref)} · {caption}", key=Key.CHANCE
    )


def many_images(ref: ModelRef, seen: NetworkShift, right: int) -> None:
    """The share of test images that are still read as before."""
    agreement = seen.agreement
    frame = pd.DataFrame(
        {
            SHIFT: [shift[1] for shift in seen.shifts],
            "read as before": agreement.astype(float),
        }
    )
    st.markdown(
        f"**{seen.unmoved.shape[0]} test images**: moved as above, the network still reads"
        f" **{percent(agreement[right + FARTHEST], 0)}** of them as it did."
    )
    share = "share of images read as before"
    title = "Images read as before by the shift"
    curve = lines(frame, y="read as before", today=right, key=Key.AGREEMENT, title=title, share=share)
    source = f"{made_by(ref)} · {seen.unmoved.shape[0]} test images"
    twin("This curve as a table", {"Test images": frame}, [curve], source, key=Key.AGREEMENT)


def layer_changes(ref: ModelRef, seen: NetworkShift, caption: str, right: int) -> None:
    """How much of the change is left after each layer, and what the pooling layers took away."""
    at = right + FARTHEST
    frame = pd.DataFrame({"layer": seen.layers, "change": seen.changes[:, at].astype(float)})
    frame["pools"] = seen.pools
    steps = [
        f"{frame['layer'][k]} {percent(frame['change'][k - 1], 0)} → {percent(frame['change'][k], 0)}"
        for k in frame.index[frame["pools"]]
    ]
    images = caption or f"mean of {seen.unmoved.shape[0]} test images"
    st.markdown(
        f"**After every layer** ({as_text(images)}): how far the output is"
        " from what it was, relative to its length."
        + (
            f" What pooling takes away: {'; '.join(steps)}."
            if steps
            else " This network has no pooling layer."
        )
        + " The rest of the way the network has to learn, from examples in many places."
    )
    drawn = bars(
        frame, key=Key.LAYERS, title=f"Change after each layer, moved {right:+d} pixels to the right"
    )
    table = frame[["layer", "change"]]
    twin("These bars as a table", {"After every layer": table}, [drawn], f"{made_by(ref)} · {images}")
