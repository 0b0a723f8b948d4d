"""The rules that examine a run, by what they read: its curves, its answers, its network, its weights.

May import `runs` and what stands below it.
"""
