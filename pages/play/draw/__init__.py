"""Draw: the pad and the network's reading.

May import `pages.ui` and `cnn_core`, no other page.
"""
