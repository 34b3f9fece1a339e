"""Operation: what who runs an installation sees and decides. No case content comes here, only states and figures.

Plugins: which there are, how they are, what was chosen for them. Jobs by the clock, and what waits in the outbox.
Whether the installation is well. And, as the topmost room, what hangs on organisations that are to be merged.
"""
