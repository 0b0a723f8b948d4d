"""Pictures and datasets on their way into a network: catalogue, downloads, uploads, drawings, augmentation.

May import `networks` and `operations`.
"""
