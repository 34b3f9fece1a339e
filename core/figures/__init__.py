"""Figures (statistik): what surveys, the police and registers of population say of the areas of the city, over time.

A figure belongs to an indicator, an area and a period. It has a value, or it is missing, or its source has suppressed
it: the three are never mixed up, and what has no value is in no sum. Rooms above cite a figure by its uid; it stays
when the delivery that it came with is undone.
"""
