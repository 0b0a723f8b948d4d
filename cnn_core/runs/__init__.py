"""A training as a folder, a queue and a process: what is written, who trains next, who does it.

May import `studies`, `training` and everything below.
"""
