"""The network as a map: every layer answers the pen, and every number leads back to the pixels.

May import `pages.ui` and `cnn_core`, no other page.
"""
