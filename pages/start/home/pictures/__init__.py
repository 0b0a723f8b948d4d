"""A small picture for each page of the tour: what the page does, done to a drawn digit or to the shipped network.

Computed once, in NumPy, so that Home needs no torch. A page without a picture here shows its icon. May import what
`home` may.
"""
