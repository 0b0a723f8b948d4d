"""The tour, and what this machine has."""

import streamlit as st

from pages.ui import machine
from pages.ui.page import header

TOUR = (
    ("pages/operations/convolution.py", "Slide a kernel over an image and see every product and every sum."),
    ("pages/operations/pooling.py", "Four ways to make a map smaller, and how much a shift still matters."),
    (
        "pages/operations/activations.py",
        "Why a network needs something that is not a straight line, and what its loss is.",
    ),
    (
        "pages/operations/regularization.py",
        "A network that learned its homework by heart, and what helps against it.",
    ),
    ("pages/train/builder.py", "Stack layers, see what each costs, train, and watch it learn."),
    ("pages/inside/filters.py", "What the trained kernels look like, weight by weight."),
    ("pages/inside/feature_maps.py", "What every layer answers to one image."),
    ("pages/judge/confusion.py", "Which classes it mistakes for which, and the images it got wrong."),
    ("pages/play/draw.py", "Draw a digit and watch the network read it."),
)

header(
    "ConvLens",
    "See how a convolutional neural network works, by taking a real one apart: every number here was computed by it.",
)
st.subheader("The tour", anchor=False)
with st.container(horizontal=True, gap="small"):
    for number, (page, sentence) in enumerate(TOUR, 1):
        with st.container(border=True, width=308, height=118, gap=None):
            st.page_link(page)
            st.markdown(f"{number}. {sentence}")
left, right = st.columns(2, gap="large")
with left:
    st.subheader("Datasets on this machine", anchor=False)
    machine.show_datasets()
with right:
    st.subheader("Models on this machine", anchor=False)
    machine.show_models()
    st.subheader("What it computes on", anchor=False)
    machine.show_device()
