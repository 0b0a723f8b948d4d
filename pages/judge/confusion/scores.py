"""The scores and the board: at once from what is stored, its images as soon as the network's answers are there."""

from dataclasses import dataclass

import streamlit as st

from cnn_core.arrays import Doubles, Floats, Integers, to_float
from cnn_core.data import catalog, datasets
from cnn_core.data.datasets import Dataset
from cnn_core.figures.picture import Picture, of_images
from cnn_core.judge import examples, metrics
from pages.judge.confusion import choice
from pages.judge.confusion.confusion_board import Samples, Told, confusion_board, nothing
from pages.judge.confusion.keys import Key
from pages.judge.confusion.samples import ANSWERED, ORDERS, samples
from pages.ui.controls import segments
from pages.ui.dataset_answers import Reading, answers
from pages.ui.download import made_by
from pages.ui.image_source import ANY_CLASS, SOURCES
from pages.ui.keys import ImagePart, Shared
from pages.ui.link import in_link
from pages.ui.matrix_figure import matrix_picture
from pages.ui.models import ModelRef, loaded
from pages.ui.site import link_to
from pages.ui.twin import twin
from pages.ui.words import as_text, percent, sentence

NOTHING = "nothing"
POLL_SECONDS = 0.4  # while the network reads the test images


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of a network's answers: the stored matrix (K, K), the test set, its answers (N, K) to it.

    `why` says why there are no images; `done`, 0..1, how far the network is that reads them now.
    """

    stored: Integers | None
    data: Dataset | None = None
    given: Floats | None = None
    done: float | None = None
    why: str = ""


def known(ref: ModelRef) -> Known:
    """All that is known now; nothing is waited for."""
    test = ref.card.test
    stored = None if test is None else metrics.as_matrix(test["confusion_matrix"])
    try:
        data = datasets.load(ref.card.dataset)
    except (catalog.DatasetMissing, ValueError) as error:
        return Known(stored, why=f"Its test images are not here. {sentence(str(error))}")
    found = answers(ref, data)
    if not isinstance(found, Reading):
        return Known(stored, data, found)
    return Known(stored, data, done=None if found.failed else found.done, why=found.failed)


def scores(ref: ModelRef) -> None:
    """Show what is known of the network's answers, and more as it comes."""
    choice.read_link()
    now = known(ref)
    if now.stored is None and now.data is None:
        st.info(f"This network is not tested yet. {now.why}", icon=":material/info:")
        return
    if now.stored is None:
        loaded(ref)  # a network that cannot be read says so here, not behind everybody's back
    waits = now.done is not None
    st.fragment(_scores, run_every=POLL_SECONDS if waits else None)(ref, waits)


def _scores(ref: ModelRef, waited: bool) -> None:
    now = known(ref)
    if waited and now.done is None:
        st.rerun()  # the whole page, which asks no more
    classes = ref.card.classes
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        shares = (
            segments("Cells show", ["counts", "shares"], Key.CELLS, "counts", hide_label=True) == "shares"
        )
        shown = segments("Images", list(ANSWERED.values()), Key.SHOWN, ANSWERED["all"], hide_label=True)
        with st.popover("More", icon=":material/tune:"):
            order = st.selectbox("Images in", list(ORDERS.values()), **in_link(Key.ORDER))
            silenced = st.selectbox(
                "Never answer",
                [NOTHING, *classes],
                **in_link(Key.SILENT),
                help="What if the network never gave this answer? All numbers on the page then are of that network.",
            )
    given: Floats | Doubles | None = now.given
    if given is not None and silenced in classes:
        given = examples.without_answer(given, classes.index(silenced))
    cm = now.stored
    if now.data is not None and given is not None:
        cm = metrics.confusion_matrix(now.data.y_test, given.argmax(axis=1), len(classes))
    if cm is None:
        st.progress(now.done or 0.0, now.why or "The network reads its test images for the first time.")
        return
    chosen = choice.cell(classes)
    if now.data is None or given is None:
        why = now.why or f"The network reads its {cm.sum():,} test images: they stand here in a moment."
        seen: Samples = nothing(why, len(classes), now.done)
    else:
        seen = samples(now.data, given, chosen, _name(ANSWERED, shown), _name(ORDERS, order))
    confusion_board(
        cm,
        classes,
        seen,
        key=Key.MATRIX,
        score=f"{percent(metrics.accuracy(cm), 2)} right · macro F1 {metrics.macro_f1(cm):.4f}",
        shares=shares,
        chosen=chosen,
        told=Told(
            lambda cell: choice.put_cell(classes, cell),
            choice.put_page,
            choice.put_image,
            0 if now.data is None else len(now.data.y_test),
        ),
    )
    choice.write_link(classes, chosen)
    if seen.selected is not None:
        _inside(ref, seen.selected)
    if now.stored is not None and now.given is not None and silenced == NOTHING:
        _differing(now.stored, cm)
    if not waited:
        _more(ref, cm, classes, shares, seen)


def _name(options: dict[str, str], shown: str | None) -> str:
    return next((name for name, words in options.items() if words == shown), next(iter(options)))


def _inside(ref: ModelRef, index: int) -> None:
    link_to(
        "feature_maps",
        f"Test image {index} through the layers",
        {
            Shared.MODEL: ref.key,
            f"{Shared.MAPS_IMAGE}-{ImagePart.SOURCE}": SOURCES["sample"],
            f"{Shared.MAPS_IMAGE}-{ImagePart.CLASS}": ANY_CLASS,
            f"{Shared.MAPS_IMAGE}-{ImagePart.NUMBER}": str(index),
        },
    )


def _differing(stored: Integers, computed: Integers) -> None:
    """Say where this machine's answers are not those that the scores were stored with."""
    differing = int(abs(stored - computed).sum() + 1) // 2
    if differing:
        st.caption(f"Computed on this machine: {differing} of {computed.sum():,} answers are not as stored.")


def _images(seen: Samples, classes: tuple[str, ...]) -> list[Picture]:
    """The images shown, for a file."""
    found = seen.examples
    if not len(found):
        return []
    captions = [
        f"{classes[true]} read as {classes[predicted]}\n{percent(sure, 2)} sure"
        for true, predicted, sure in zip(found.true, found.predicted, found.confidence)
    ]
    return [of_images(Key.SAMPLES, seen.title, to_float(seen.pixels), captions)]


def _more(ref: ModelRef, cm: Integers, classes: tuple[str, ...], shares: bool, seen: Samples) -> None:
    """What folds away below: the matrix and the scores of each class as tables, the images listed, and words."""
    low, high = metrics.weakest_and_strongest(cm)
    recall = metrics.per_class(cm).recall
    said = (
        f"**High accuracy does not mean that every class is fine.** {percent(recall[high], 2)} of the images of "
        f"**{as_text(classes[high])}** are found, {percent(recall[low], 2)} of **{as_text(classes[low])}**. "
        "Under *More*, set *Never answer* to a class: how little does accuracy tell?"
    )
    largest = metrics.largest_confusions(cm, 3)
    if largest:
        worst = ", ".join(
            f"**{as_text(classes[true])}** read as **{as_text(classes[wrong])}** ({count})"
            for true, wrong, count in largest
        )
        said += f"\n\nMost frequent mistakes: {worst}."
    st.markdown(said)
    found = seen.examples
    twin(
        "Scores of every class, and the matrix as a table",
        {
            "Scores of every class": metrics.table(cm, classes),
            "Confusion matrix: a row is a true class": metrics.labelled(cm, classes),
            "The images shown": {
                "test image": found.index.tolist(),
                "true": [classes[true] for true in found.true],
                "predicted": [classes[predicted] for predicted in found.predicted],
                "probability": found.confidence.tolist(),
            },
        },
        [matrix_picture(cm, classes, key=Key.MATRIX, shares=shares), *_images(seen, classes)],
        f"{made_by(ref)} · {cm.sum():,} test images",
        formats=dict.fromkeys(("precision", "recall", "F1", "probability"), "%.4f"),
        words="Precision asks how many of the answers are right, recall how many of the images are found; F1 is high "
        "only if both are. Macro F1 is the plain mean over the classes.",
    )
