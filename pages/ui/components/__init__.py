"""The components that run in the browser, a folder each: Python wrapper, JavaScript, CSS. May import `cnn_core`.

`base` is what all of them build on; `engine` shows nothing, and answers for those that do.
"""
