"""The tour, and what this machine has."""

import streamlit as st

from pages.ui import machine
from pages.ui.page import header

TOUR = (
    ("operations/convolution", "Convolution", "Slide a kernel over an image: every product, every sum."),
    ("operations/pooling", "Pooling", "Four ways to a smaller map, and what a shift of one pixel changes."),
    (
        "operations/activations",
        "Activations and loss",
        "Why straight lines are not enough, and what a loss is.",
    ),
    ("operations/regularization", "Regularization", "A network that learned by heart, and what helps."),
    ("train/builder", "Builder", "Stack layers, see what each costs, train, watch it learn."),
    ("inside/filters", "Filters", "What the trained kernels look like, weight by weight."),
    ("inside/feature_maps", "Feature maps", "What every layer answers to one image."),
    ("judge/confusion", "Confusion matrix", "Which classes it mistakes for which, image by image."),
    ("play/draw", "Draw", "Draw a digit and watch the network read it."),
)

header(
    "ConvLens",
    "Take a real convolutional neural network apart. Every number on these pages is one that it computed.",
)
st.subheader("The tour", anchor=False)
for start in range(0, len(TOUR), 3):
    row = zip(st.columns(3, gap="small"), TOUR[start : start + 3])
    for number, (place, (page, title, sentence)) in enumerate(row, start + 1):
        with place.container(border=True, height="stretch", gap="xsmall"):
            st.page_link(f"pages/{page}.py", label=f"**{number}. {title}**")
            st.markdown(sentence)
st.subheader("What this machine has", anchor=False)
machine.show_device()
datasets = st.container()
st.markdown("##### Models")
machine.show_models()
with datasets:  # filled last, for the script waits here while one is downloaded
    st.markdown("##### Datasets")
    machine.show_datasets()
