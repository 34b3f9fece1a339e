"""Presence (aktivering och närvaro): what happens on a place and who is there, in numbers and never as individuals.

What is arranged with its permits, the presence that is promised and what it came to, patrols that are asked for
centrally, counts of people in bands of the day, how a place is experienced before and after, and building projects
with their social goals. It stands above walks and beside agreements.
"""
