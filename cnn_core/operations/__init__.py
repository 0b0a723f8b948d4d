"""The operations by hand, in NumPy: value, gradient and the trace of one cell. No network; torch only to compare with.

May import only the single modules of `cnn_core`.
"""
