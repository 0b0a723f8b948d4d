"""Pooling: controls, player, maps, shift test, questions, common mistakes.

May import `pages.ui` and `cnn_core`, no other page.
"""
