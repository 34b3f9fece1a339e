"""Cooperation (samverkan): what several organisations do together about a place, in the programme's five steps.

A cycle (samverkanscykel) has parties with mandates, each with a picture of its own (lägesbild) that is sealed until
all are in; then problems are chosen, causes tested, goals and measures agreed and followed up, and the next cycle
begins with what is open. It stands above walks, and points at what was seen there.
"""
