"""Activations and loss: functions, no nonlinearity, softmax and loss, softmax twice.

May import `pages.ui` and `cnn_core`, no other page.
"""
