"""What a network answers to images, layer by layer, and the weights it answers with. Models are left as they were.

May import `checkpoints`, `data`, `networks`, `operations`.
"""
