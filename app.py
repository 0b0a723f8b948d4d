"""ConvLens: page configuration and navigation; nothing else."""

import streamlit as st

if __name__ == "__main__":  # each session's script
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
                ),
                st.Page("pages/operations/regularization.py", title="Regularization", icon=":material/tune:"),
            ],
            "Train": [st.Page("pages/train/builder.py", title="Builder", icon=":material/construction:")],
            "Inside": [
                st.Page("pages/inside/filters.py", title="Filters", icon=":material/filter_b_and_w:"),
                st.Page("pages/inside/feature_maps.py", title="Feature maps", icon=":material/layers:"),
            ],
            "Judge": [
                st.Page("pages/judge/confusion.py", title="Confusion matrix", icon=":material/grid_view:")
            ],
            "Play": [st.Page("pages/play/draw.py", title="Draw", icon=":material/draw:")],
        },
    ).run()
else:  # `streamlit run` imports this file once, before the first session
    from streamlit.runtime.pages_manager import PagesManager

    # Else the folder's name makes Streamlit take the first request for an old-style multipage app, and a server's
    # first visitor by a page's own address is shown "Page not found" over the page.
    PagesManager.uses_pages_directory = False
    app = st.App(__file__)
