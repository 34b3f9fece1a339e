"""People: organisations through the years, persons and the roles they hold, and how they log in.

Organisations are dated and have successors: what Rinkeby-Kista decided in 2022 is found under Järva in 2027.
A role is held in an organisation, from a day to a day, and may be limited to areas and to kinds of observation.
Sessions and tokens are rows, so that they end when somebody says so. Nothing here knows places or walks.
"""
