"""Applications (ansökningar): from a place's analysis to a decision on money for it.

A round (omgång) of a programme is open for a while; a board writes an application as a list of parts, with a coach
that says what is missing; others review it, two persons assess it, a committee decides, and what was granted is booked
in the reserve. It stands above cooperation, whose causes and goals it points at.
"""
