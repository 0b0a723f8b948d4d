"""Filters: the weights of any layer.

May import `pages.ui` and `cnn_core`, no other page.
"""
