"""ConvLens: page configuration and navigation; nothing else."""

from pathlib import Path

import streamlit as st

from pages.ui import browser_history, site

if __name__ == "__main__":  # each session's script
    st.set_page_config(
        page_title="ConvLens",
        page_icon=Path(__file__).parent
        / "pages"
        / "ui"
        / "icon.svg",  # an icon by name is asked of another server
        layout="wide",
        initial_sidebar_state=248,
    )
    browser_history.keep_pages_as_left()
    st.navigation(site.navigation()).run()
else:  # `streamlit run` imports this file once, before the first session
    import server

    app = st.App(__file__, middleware=server.start())
