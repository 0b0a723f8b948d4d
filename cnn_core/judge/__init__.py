"""How good a network is, class by class, and which images it gets wrong.

May import `inside`, `checkpoints`, `data`, `networks`, `operations`.
"""
