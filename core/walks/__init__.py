"""Safety walks (trygghetsvandringar): the walk, what was seen on it, and the photos of it.

An observation finds its place and whoever answers for the spot (rådighet) by itself. Kinds of observation are the
city's own from the seed pack and those of plugins; what a plugin asks beside is kept with the observation, readable
also when the plugin is gone.
"""
