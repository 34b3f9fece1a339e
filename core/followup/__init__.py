"""Follow-up (uppföljning): from a grant to the last krona, and to what came of it.

What is granted is carried out: milestones, claims, outturn and forecasts, money moved between years and matters by
decisions of their own, reports each tertial, a final one, and effects measured against what was frozen at the
decision. Kommunstyrelsen's one view over all boards stands here. It stands above applications.
"""
