"""The reserve (medelsreserv): which money there is to grant, and the book of all that has happened to it.

A programme (satsning) has a frame (ram) for each budget year. Nothing of a frame is ever written over: every change is
a booking of entries that are only added, and the database itself keeps granted within the frame. Rooms above book what
they decide, about a matter of theirs; no room books anywhere else.
"""
