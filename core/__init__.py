"""Tryggplats: safety investments and place collaboration for a city."""

import gc

__version__ = "0.1.0"

LOOKED_AFTER = 50_000
"""New objects after which Python looks for those that only hold each other. Rows and statements make many that are gone
by themselves; to look after every 700 took a tenth of the time of a request, a command, and the tests."""

gc.set_threshold(LOOKED_AFTER)  # here: to import the rest makes more of them than most commands do
