"""The components that run in the browser, a folder each: Python wrapper, JavaScript, CSS. May import `cnn_core`."""
