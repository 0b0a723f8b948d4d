"""The training loop: settings, optimizer, batches, and what makes them fast. Nothing on disk, no process.

May import `judge`, `inside`, `checkpoints`, `data`, `networks`, `operations`.
"""
