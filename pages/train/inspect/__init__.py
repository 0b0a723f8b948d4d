"""Inspect: a network's costs layer by layer, its numbers' spread, the graph that autograd records, and its code.

May import `pages.ui` and `cnn_core`, no other page.
"""
