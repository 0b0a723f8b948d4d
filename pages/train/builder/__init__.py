"""Builder: the network, its layers' editor, training settings, the training watched.

May import `pages.ui` and `cnn_core`, no other page.
"""
