"""A training as a file of its own, in plain PyTorch: what today's settings need, and nothing else.

May import `data`, `networks` and `training`.
"""
