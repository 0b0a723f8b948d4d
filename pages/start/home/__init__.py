"""Home: the tour, and what this machine has.

May import `pages.ui` and `cnn_core`, no other page.
"""
