"""One training step: a batch through the network and back, the gradient of one weight, the update, one by one.

May import `pages.ui` and `cnn_core`, no other page.
"""
