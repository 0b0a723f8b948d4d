"""Doctor: broken programs to repair, and a run examined.

May import `pages.ui` and `cnn_core`, no other page.
"""
