"""A page that shows every text of `hostile_texts` wherever a page quotes; `tests/browser` looks at it in Chromium."""

import streamlit as st

from pages.ui.words import as_text, sentence
from tests.support.hostile_texts import TEXTS

st.title("Quoted")
for index, text in enumerate(TEXTS.values()):
    with st.container(key=f"quoted-{index}"):
        quoted = as_text(text)
        st.markdown(quoted)
        st.markdown(f"**{quoted}.** And more.")
        st.caption(f"{quoted}  \n{quoted}")
        st.error(sentence(text), icon=":material/error:")
        st.subheader(quoted, anchor=False)
        st.button(quoted, key=f"button-{index}")
        st.pills(quoted, [quoted], key=f"pills-{index}")
        st.expander(quoted).markdown(f":small[{quoted}]")
        st.progress(0.5, quoted)
        st.metric(quoted, "1")
