"""Trying a network with one's own hand. Each folder is a page; it imports itself, `pages.ui` and `cnn_core`."""
