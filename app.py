"""ConvLens: page configuration and navigation; nothing else."""

import streamlit as st

from pages.ui import site, training_sign

if __name__ == "__main__":  # each session's script
    st.set_page_config(
        page_title="ConvLens",
        page_icon=site.ICON,
        layout="wide",
        initial_sidebar_state=248,
    )
    page = st.navigation(site.navigation(), expanded=True)  # all pages are in the menu
    training_sign.show()
    page.run()
else:  # `streamlit run` imports this file once, before the first session
    import sys

    from streamlit.runtime.pages_manager import PagesManager

    import server
    from cnn_core.limits import LimitsError, limits
    from pages.start.home import admin_token
    from pages.ui import head

    try:
        limits()
        middleware = server.middleware(in_head=head.script(), style=head.style())
    except (LimitsError, server.SettingError) as error:  # said once, here, instead of by every page
        sys.exit(f"ConvLens does not start: {error}")
    admin_token.warn_if_too_short()

    # Else the folder's name makes Streamlit take the first request for an old-style multipage app, and a server's
    # first visitor by a page's own address is shown "Page not found" over the page.
    PagesManager.uses_pages_directory = False
    app = st.App(__file__, middleware=middleware)
