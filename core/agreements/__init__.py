"""Agreements (platssamverkan och överenskommelser): what organisations have promised each other, and how it is kept.

A platssamverkan has parties, groups, meetings whose decisions are things of their own, and commitments with frister; an
agreement has chapters, is signed by each party's mandate, applies and runs out; a board's local council (lokalt råd)
meets with police and education. It stands above cooperation, and may point at a cycle and its goals.
"""
