"""Regularization: dropout, batch norm, weight decay, augmentation.

May import `pages.ui` and `cnn_core`, no other page.
"""
