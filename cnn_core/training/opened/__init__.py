"""One training step taken apart: the forward pass, each image's loss, where a gradient comes from, the update.

May import what `training` may, and `training` itself.
"""
