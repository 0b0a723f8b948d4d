"""Time travel: a run's curves, filters, maps and confusion matrix at every moment that it kept.

May import `pages.ui` and `cnn_core`, no other page.
"""
