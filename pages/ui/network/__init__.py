"""The network being built and the dataset it is for: the Builder changes them, other pages show them.

May import `pages.ui` and `cnn_core`, no page.
"""
