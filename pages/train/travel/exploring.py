"""What the page is for: a run, a layer and an image, and one slider over everything that they give."""

import numpy as np
import streamlit as st

from cnn_core.checkpoints import CheckpointError
from cnn_core.data import catalog, datasets
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import cards, live, records
from cnn_core.runs.history import Run
from cnn_core.runs.listing import RunHead
from cnn_core.runs.travel import COLOURS, Followed
from pages.train.travel import choice, numbers
from pages.train.travel.answers import Journey, followed, journey, layers
from pages.train.travel.keys import Key
from pages.train.travel.predictions import half_question
from pages.train.travel.travel_board import Tiles, Trip, travel_board
from pages.ui.drawer import Drawer
from pages.ui.image_source import PickedImage
from pages.ui.layer_answers import pick_by
from pages.ui.link import in_link
from pages.ui.predict import predict_first
from pages.ui.run_names import run_name
from pages.ui.twin import twin
from pages.ui.words import as_text, count, probability, sentence

POLL_SECONDS = 2.0  # while it trains
TOGETHER, EACH = "all moments", "each moment"


def explore(head: RunHead) -> None:
    """The controls, the board and what is said of it; a run that trains is looked at again and again."""
    st.fragment(_explore, run_every=POLL_SECONDS if head.active else None)(head.id, head.active)


def _explore(run_id: str, active: bool) -> None:
    try:
        run = live.read(run_id)
    except records.RunError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        return
    if active and not run.active:
        st.rerun()  # the whole page, which asks no more
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with row:
        choice.run_control()
    if wrong := _without_images(run.settings.dataset):
        st.error(wrong, icon=":material/error:")
        return
    with row:
        layer, channel, together = _layer(run)
        picked = pick_by(cards.card_of(run, run.test, ""), Key.IMAGE, another=True)
    now = journey(run, datasets.load(run.settings.dataset))
    if not now.moments:
        _lacks(run, now)
        return
    asks = bool(st.session_state.get(Key.GUESS))
    if not predict_first(asks, half_question(now)):
        return
    try:
        shown = followed(now, layer, channel, picked)
    except CheckpointError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        return
    classes = catalog.info(run.settings.dataset).classes
    at = choice.moment(now.moments)
    trip = _trip(now, shown, layer, channel, picked, classes)
    travel_board(
        trip,
        key=Key.BOARD,
        at=_start(run.id, at),
        opened=st.session_state[Key.OPENED],
        together=together,
        on_moment=choice.put_moment,
    )
    _said(now, shown, layer)
    twin(
        "Every moment as a table",
        numbers.tables(now, at, classes),
        numbers.pictures(now, shown, layer, at, classes),
        f"{run_name(run)} · {picked.caption}",
        formats={"test accuracy": "%.4f", "test loss": "%.4f"} | dict.fromkeys(numbers.COLUMNS, "%.4f"),
        key=Key.BOARD,
    )


def _without_images(dataset: str) -> str:
    """Why the run's dataset cannot be read, as a sentence; empty where it can."""
    if catalog.find(dataset) is None:
        return "The images that this network learned from are not known here."
    problem = datasets.problem(dataset)
    return "" if problem is None else sentence(str(problem))


def _layer(run: Run) -> tuple[str, int, bool]:
    """The layer, the channel that its filters read, and whether all moments share a colour scale."""
    names = layers(run.id, run.created, run.architecture)
    layer = st.selectbox("Layer", names, **in_link(Key.LAYER), label_visibility="collapsed", width=115)
    layer = layer if layer in names else names[0]
    with Drawer("Options", Key.OPTIONS, ":material/tune:", size=(320, 170)):
        together = st.selectbox("Colour scale of", [TOGETHER, EACH], **in_link(Key.SCALE)) != EACH
        channels = _channels(run.architecture, layer)
        channel = 0
        if channels > COLOURS:
            channel = st.number_input(
                "Channel that the filters read", 0, channels - 1, 0, **in_link(Key.CHANNEL)
            )
    return layer, int(channel), together


def _channels(architecture: Architecture, layer: str) -> int:
    """How many channels the layer reads; 1 of one that reads a vector."""
    info = next(
        info for name, info in zip(architecture.names, architecture.summary(), strict=True) if name == layer
    )
    return info.input_shape[0] if len(info.input_shape) == 3 else 1


def _start(run_id: str, at: int) -> int:
    """The moment that the browser is told to begin at; where it stands later, it knows itself.

    So that the same is not sent again each time the slider comes to rest, what it was told stays what it was.
    """
    told = (st.session_state[Key.OPENED], run_id)
    known = st.session_state.get(Key.SENT)
    if known is None or known[0] != told:
        st.session_state[Key.SENT] = known = (told, at)
    return int(known[1])


def _trip(
    now: Journey,
    shown: Followed,
    layer: str,
    channel: int,
    picked: PickedImage,
    classes: tuple[str, ...],
) -> Trip:
    kernels = f"Weights of {shown.owner}"
    if shown.channels > COLOURS and not shown.is_linear:
        kernels += f", channel {channel}"
    read = [f"{classes[answer.argmax()]}, {probability(float(answer.max()))}" for answer in shown.answers]
    return Trip(
        identity=now.run.id,
        places=[(one.epoch, one.step) for one in now.moments],
        at=now.at,
        first=sum(not one.epoch for one in now.moments),
        words=[one.words for one in now.moments],
        readouts=numbers.readouts(now),
        answers=read,
        classes=classes,
        image=np.rint(255 * np.moveaxis(picked.image, 0, -1)).astype(np.uint8),
        matrices=np.stack([one.matrix for one in now.judged]),
        kernels=Tiles(kernels, shown.kernels, shown.group),
        maps=Tiles(f"{layer} answers", shown.maps),
        training=numbers.training_curve(now.run),
        validation=numbers.validation_curve(now.run),
        tested=numbers.tested_curve(now),
        tested_words=f"{now.images:,} test images",
    )


def _said(now: Journey, shown: Followed, layer: str) -> None:
    """What is shown of how much, and what a run lacks."""
    said = [f"Of the test set the first {count(now.images, 'image')} are read, at every moment the same."]
    drawn = shown.kernels.shape[1] // shown.group
    if (
        drawn < shown.filters
        and shown.folded == 1
        and shown.kernels[0][0].size < shown.channels * shown.filters
    ):
        said.append(f"{drawn} of {shown.filters} filters are drawn.")
    if shown.folded > 1:
        said.append(f"Each cell of {shown.owner} is the strongest of {shown.folded} weights side by side.")
    if shown.maps.shape[1] < shown.outputs:
        said.append(f"{shown.maps.shape[1]} of {shown.outputs} maps of {layer} are drawn.")
    if not any(not one.epoch for one in now.moments):
        said.append(
            "This run kept no weights of its first epoch: it is from an older version, or the disk that a run may take "
            "was full."
        )
    if now.unread:
        said.append(f"{count(len(now.unread), 'moment')} left out: {as_text(now.unread[0])}")
    st.caption(" ".join(said))


def _lacks(run: Run, now: Journey) -> None:
    if now.unread:
        st.error(sentence(now.unread[0]), icon=":material/error:")
    elif run.active:
        st.info("The training begins: its first moments will be here at once.", icon=":material/history:")
    else:
        choice.nothing("This run kept no weights of its way.")
