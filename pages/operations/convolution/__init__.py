"""Convolution: controls, kernel editor, player, readouts.

May import `pages.ui` and `cnn_core`, no other page.
"""
