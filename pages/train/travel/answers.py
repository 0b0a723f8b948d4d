"""What the network of a run answered at its moments, each computed once for all sessions that look at it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.checkpoints import CheckpointError
from cnn_core.data.datasets import Dataset
from cnn_core.files import Stamp
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import travel
from cnn_core.runs.history import Run
from cnn_core.runs.moments import Moment, moments
from cnn_core.runs.travel import Followed, Judged
from pages.ui.image_source import PickedImage

QUIETLY = 0.4  # seconds of computing without a sign


@dataclass(frozen=True, eq=False)
class Journey:
    """A run's moments with what was answered to `images` test images at each; `unread` says why others are left out."""

    run: Run
    moments: list[Moment]
    judged: list[Judged]
    images: int
    unread: list[str]

    @property
    def at(self) -> list[int]:
        """How many batches were done at each moment."""
        return [one.batches(self.run.steps_per_epoch) for one in self.moments]


def journey(run: Run, data: Dataset) -> Journey:
    """The run's moments as they are now, with their answers; what is not known yet is computed while a bar says so."""
    found = moments(run)
    images = travel.images_read(run.architecture, len(data.y_test))
    sign, begun = st.empty(), time.monotonic()
    told = Journey(run, [], [], images, [])
    for number, one in enumerate(found, 1):
        judged = _judged(str(one.file), one.stamp, images, run.architecture, one, data)
        if isinstance(judged, str):
            told.unread.append(judged)
        else:
            told.moments.append(one)
            told.judged.append(judged)
        if time.monotonic() - begun > QUIETLY and number < len(found):
            sign.progress(
                number / len(found),
                f"Reading {images:,} test images as the network was at moment {number + 1} of {len(found)}.",
            )
    sign.empty()
    return told


@st.cache_data(max_entries=3000, show_spinner=False)
def _judged(
    file: str,
    stamp: tuple[int, ...],
    images: int,
    _architecture: Architecture,
    _moment: Moment,
    _data: Dataset,
) -> Judged | str:
    try:
        return travel.judge(_architecture, _moment, _data.x_test[:images], _data.y_test[:images])
    except CheckpointError as error:
        unread = str(error)
    return unread


@st.cache_data(max_entries=128, show_spinner=False)
def layers(run_id: str, created: float, _architecture: Architecture) -> list[str]:
    """The layers of a run that can be followed."""
    return travel.layers(_architecture)


def followed(now: Journey, layer: str, channel: int, picked: PickedImage) -> Followed:
    """A layer of the run at each of its moments, and its answers to the image."""
    stamps = [(str(one.file), one.stamp) for one in now.moments]
    return _followed(stamps, layer, channel, picked.digest, now.run.architecture, now.moments, picked.image)


@st.cache_data(max_entries=48, show_spinner="Going back in time…")
def _followed(
    stamps: list[tuple[str, Stamp]],
    layer: str,
    channel: int,
    digest: str,
    _architecture: Architecture,
    _moments: Sequence[Moment],
    _image: Floats,
) -> Followed:
    return travel.follow(_architecture, _moments, layer, channel, _image)
