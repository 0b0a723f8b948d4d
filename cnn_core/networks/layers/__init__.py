"""The layer types: one class says all about itself.

May import `operations`, and nothing else of `networks`.
"""
