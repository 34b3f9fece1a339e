"""Upkeep (skötsel): promises in time. A frist is planned by a rule, owned by whoever has rådighet, and kept or not.

Rooms and plugins call `plan_deadline` and never compute a date: the engine does, and can say why it came out so.
No payload of other rooms lies in the table: the page "Skötsel i tid" is one query over it, whatever plugins there are.
"""
