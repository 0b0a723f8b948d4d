"""ConvLens: page configuration and navigation; nothing else."""

import streamlit as st

st.set_page_config(
    page_title="ConvLens", page_icon=":material/grid_on:", layout="wide", initial_sidebar_state=248
)
st.navigation(
    {
        "": [st.Page("pages/start/home.py", title="Home", icon=":material/home:", default=True)],
        "Operations": [
            st.Page("pages/operations/convolution.py", title="Convolution", icon=":material/grid_on:"),
            st.Page("pages/operations/pooling.py", title="Pooling", icon=":material/compress:"),
            st.Page(
                "pages/operations/activations.py",
                title="Activations and loss",
                icon=":material/show_chart:",
                url_path="activations",
            ),
            st.Page("pages/operations/regularization.py", title="Regularization", icon=":material/tune:"),
        ],
        "Train": [st.Page("pages/train/builder.py", title="Builder", icon=":material/construction:")],
        "Inside": [
            st.Page("pages/inside/filters.py", title="Filters", icon=":material/filter_b_and_w:"),
            st.Page(
                "pages/inside/feature_maps.py",
                title="Feature maps",
                icon=":material/layers:",
                url_path="feature_maps",
            ),
        ],
        "Judge": [
            st.Page(
                "pages/judge/confusion.py",
                title="Confusion matrix",
                icon=":material/grid_view:",
                url_path="confusion",
            )
        ],
        "Play": [st.Page("pages/play/draw.py", title="Draw", icon=":material/draw:")],
    }
).run()
