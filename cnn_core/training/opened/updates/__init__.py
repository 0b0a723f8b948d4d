"""What each optimizer makes of a weight and its gradient, line by line: a file each, listed in `arithmetic`.

May import what `opened` may.
"""
