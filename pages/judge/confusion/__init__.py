"""Confusion matrix: which class is taken for which, and the images.

May import `pages.ui` and `cnn_core`, no other page.
"""
