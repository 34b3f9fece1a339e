"""Places: long-lived things of the city with a shape, a number and a history, and the areas they lie in.

A place is apart from any report about it. Who answers for what on it (rådighet) is dated, and so are the
areas: the same point lay in another stadsdelsnämndsområde in 2022. Places are never deleted.
"""
