"""What goes wrong with networks, shown and found: programs that are broken, and rules that examine a run.

May import `runs` and what stands below it.
"""
