"""ConvLens's library: convolution explained, networks built, trained and looked into. No Streamlit in it."""
