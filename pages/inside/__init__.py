"""Looking into a trained network. Each folder is a page; it imports itself, `pages.ui` and `cnn_core`."""
