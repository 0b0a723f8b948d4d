"""The pages, a folder each under their chapter: `page.py` is its lesson plan, beside it lies what it alone uses.

A page imports its own folder, `pages.ui` and `cnn_core`, never another page.
"""
