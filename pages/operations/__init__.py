"""One operation a page, by hand. Each folder is a page; it imports itself, `pages.ui` and `cnn_core`."""
