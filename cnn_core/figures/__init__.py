"""Everything that leaves the app: titled figures with scale and source as PNG, SVG and PDF, and their numbers.

matplotlib's `Figure` without pyplot, which keeps a global list of all figures. matplotlib is imported by the first
figure that is asked for, not by a page. May import `cnn_core.pictures`.
"""
