"""Feature maps: an image through all layers.

May import `pages.ui` and `cnn_core`, no other page.
"""
