"""Building networks and training them. Each folder is a page; it imports itself, `pages.ui` and `cnn_core`."""
