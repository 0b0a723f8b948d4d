import streamlit as st

st.title("Being written")
