"""The confusion matrix page: which classes a model mistakes for which, and the images it gets wrong."""

import streamlit as st

from cnn_core.data import catalog, datasets
from cnn_core.judge import examples, metrics
from pages.judge.confusion.chart import confusion_chart
from pages.judge.confusion.dataset_answers import answers
from pages.judge.confusion.examples import pick_cell, put_cell, show_examples
from pages.judge.confusion.keys import Key
from pages.ui.controls import segments
from pages.ui.download import made_by
from pages.ui.link import in_link
from pages.ui.models import chosen_model
from pages.ui.page import header, source
from pages.ui.twin import twin
from pages.ui.words import as_text, percent, sentence

NOTHING = "nothing"
WIDTHS = 150, 150, 150, 150, 200  # px

header(
    "Confusion matrix",
    "One accuracy hides many: see **which class is taken for which**, and look at every mistake.",
)
ref, checkpoint = chosen_model("The confusion matrix of a network")
card, classes = checkpoint.card, checkpoint.card.classes

data = None
try:
    data = datasets.load(card.dataset)
    probabilities = answers(ref, data)
except (catalog.DatasetMissing, ValueError) as error:
    icon = ":material/info:"
    if card.test is None:
        st.info(
            f"This network is not tested yet, and its test images are not here. {sentence(str(error))}",
            icon=icon,
        )
        st.stop()
    stored = metrics.as_matrix(card.test["confusion_matrix"])
    st.info(
        f"These scores were stored with the model; its test images are not here. {sentence(str(error))}",
        icon=icon,
    )

with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    accuracy_at, f1_at, images_at, cells_at, silent_at = (st.container(width=w) for w in WIDTHS)
if data is None:
    cm = stored
else:
    silenced = silent_at.selectbox(
        "Never answer",
        [NOTHING, *classes],
        **in_link(Key.SILENT),
        help="What if the network never gave this answer? All numbers on the page then are of that network.",
    )
    given = (
        probabilities
        if silenced == NOTHING
        else examples.without_answer(probabilities, classes.index(silenced))
    )
    cm = metrics.confusion_matrix(data.y_test, given.argmax(axis=1), len(classes))
accuracy_at.metric("Accuracy", percent(metrics.accuracy(cm), 2))
f1_at.metric("Macro F1", f"{metrics.macro_f1(cm):.4f}")
images_at.metric("Test images", f"{cm.sum():,}")
with cells_at:
    cells = segments(
        "Cells show",
        ["counts", "shares"],
        Key.CELLS,
        "counts",
        help="A share is of the true class: each row adds up to 100\u00a0%.",
    )

chart_at, table_at = st.columns([1.3, 1], gap="medium")
with table_at:
    low, high = metrics.weakest_and_strongest(cm)
    recall = metrics.per_class(cm).recall
    st.markdown(
        f"**High accuracy does not mean that every class is fine.** Of the images of **{as_text(classes[low])}** "
        f"{percent(recall[low], 2)} are found, of **{as_text(classes[high])}** {percent(recall[high], 2)}. "
        "Set *Never answer* to a class: how little does accuracy tell?"
    )
    scores = {name: st.column_config.NumberColumn(format="%.4f") for name in ("precision", "recall", "F1")}
    st.dataframe(
        metrics.table(cm, classes), hide_index=True, column_config=scores, alt="Scores of every class"
    )

cell = None
if data is not None:
    st.subheader("The images", anchor=False)
    cell = pick_cell(classes)
    true, predicted = cell
    if true is None or predicted is None:
        found, what = examples.mistakes(data.y_test, given, true, predicted), "mistakes"
    else:
        found, what = examples.cell_examples(data.y_test, given, true, predicted), "images in this cell"
    if len(found):
        st.markdown(
            f"**{len(found):,}** {what}, the most confident answers first. A confident answer can be wrong."
        )
    show_examples(ref, data, found, classes)
with chart_at:
    matrix = confusion_chart(
        cm, classes, key=Key.MATRIX, shares=cells == "shares", chosen=cell, on_pick=put_cell
    )
twin(
    "The matrix as a table",
    {"Confusion matrix: a row is a true class": metrics.labelled(cm, classes)},
    [matrix],
    f"{made_by(ref)} · {cm.sum():,} test images",
)
largest = metrics.largest_confusions(cm, 3)
if largest:
    st.markdown(
        "Most frequent mistakes: "
        + ", ".join(
            f"**{as_text(classes[true])}** read as **{as_text(classes[wrong])}** ({count})"
            for true, wrong, count in largest
        )
        + ". Precision asks how many of the answers are right, recall how many of the images are found; F1 is high "
        "only if both are."
    )
source(metrics.confusion_matrix, metrics.per_class, metrics.macro_f1)
