"""Experiments: several trainings that differ in one thing, and what their scores say.

May import `pages.ui` and `cnn_core`, no other page.
"""
