"""Experiments shipped with the app: what differs between their runs, and the file that holds what came out.

May import `training` and everything below.
"""
