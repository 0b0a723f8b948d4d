"""What this machine has: what it computes on, its datasets with their downloads, its models with their scores."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core import machine
from cnn_core.data import catalog, datasets, downloads
from cnn_core.data.catalog import DatasetInfo
from cnn_core.data.fetching import fetch_apart
from cnn_core.files import megabytes
from cnn_core.limits import SHOWS_ONLY, limits
from pages.start.home.keys import Key
from pages.ui.models import ModelRef, models, untested
from pages.ui.words import as_text, percent, sentence

SHOWN = 6  # models before the rest folds away


def show_device() -> None:
    """The processor that training will use, and the memory there is."""
    if not limits().trains:
        st.markdown(SHOWS_ONLY)
        return
    memory = machine.memory_bytes()
    parts = [f"Networks train on **{as_text(machine.describe())}**"]
    if memory is not None:
        parts.append(f"memory {memory / 1e9:.0f} GB")
    st.markdown("; ".join(parts) + ".")
    if not machine.gpus():
        st.caption(
            f"No NVIDIA GPU was found. {machine.cores()} CPU cores train the small networks here in minutes."
        )


@st.fragment
def show_datasets() -> None:
    """Each dataset with its size, and a download where it is missing; put last on a page, for a download waits."""
    wanted = []
    for info in catalog.all_infos():
        problem = datasets.problem(info.name)
        with st.container(border=True):
            with _row(border=False):
                _describe(info)
                if problem is None:
                    st.badge("Here", icon=":material/check:", color="green")
                asked = problem is not None and (downloads.is_running(info.name) or _download_button(info))
            if isinstance(problem, catalog.DatasetBroken):  # it also says what a download does to these files
                st.warning(sentence(str(problem)), icon=":material/error:")
            place = st.empty()
            if asked:
                wanted.append((info, place))
    for info, place in wanted:  # once all rows are there to be seen
        _download(info, place)


def _download_button(info: DatasetInfo) -> bool:
    return st.button(
        f"Download {megabytes(info.download_bytes)}",
        key=f"{Key.DOWNLOAD}-{info.name}",
        icon=":material/download:",
    )


def _describe(info: DatasetInfo) -> None:
    train, test = info.sizes
    height, width, channels = info.shape
    st.markdown(
        f"**{info.title}.** {info.about}  \n{train:,} images to train, {test:,} to test, "
        f"{height}×{width}, {'gray' if channels == 1 else 'colour'}.",
        width="stretch",
        help=f"{info.source}. Licence: {info.licence}.",
    )


def _download(info: DatasetInfo, place: DeltaGenerator) -> None:
    """Download, or watch the download that this or another session began, with its progress in `place`."""

    def show(fraction: float, text: str) -> None:
        place.progress(fraction, text)

    try:
        downloads.download(info.name, show, fetch_apart)
    except catalog.DownloadFailed as error:
        place.error(sentence(str(error)), icon=":material/cloud_off:")
    else:
        st.rerun()


def _row(border: bool = True) -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", border=border, gap="small")


def show_models() -> None:
    """Each model with its data, size and test scores, as its card has them."""
    refs, damaged = models()
    if not refs:
        words = (
            "No model yet: train one on the Builder page." if limits().trains else f"No model. {SHOWS_ONLY}"
        )
        st.info(words, icon=":material/model_training:")
    for ref in refs[:SHOWN]:
        _show_model(ref)
    if refs[SHOWN:]:
        rest = st.expander("Models trained earlier", key=Key.MORE_MODELS, on_change="rerun")
        if rest.open:
            with rest:
                for ref in refs[SHOWN:]:
                    _show_model(ref)
    for name, why in damaged.items():
        st.warning(f"**{as_text(name)}** is damaged. {sentence(why)}", icon=":material/broken_image:")


def _show_model(ref: ModelRef) -> None:
    card = ref.card
    data = as_text(catalog.title(card.dataset))
    with _row():
        st.markdown(
            f"**{as_text(ref.label)}.** {card.architecture.parameters:,} parameters, trained on {data}.",
            width="stretch",
        )
        if card.test is None:
            st.markdown(untested(ref), width="content")
        else:
            st.markdown(
                f"test accuracy **{percent(card.test['accuracy'], 2)}**, macro F1 **{card.test['macro_f1']:.4f}**",
                width="content",
            )
