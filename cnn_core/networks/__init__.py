"""A network as data: layers, shapes, costs, problems and repairs, and three ways to write one. No weights.

Torch is imported only where a module is made. May import `operations`.
"""
