"""How good a network is, and why. Each folder is a page; it imports itself, `pages.ui` and `cnn_core`."""
