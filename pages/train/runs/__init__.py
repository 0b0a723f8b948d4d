"""Runs: every training with its settings, curves and scores; any of them side by side.

May import `pages.ui` and `cnn_core`, no other page.
"""
