"""Works (arbeten): what is ordered of somebody, of whom and on which terms, and whether it was done.

Contracts (avtal) with their Tidskrav, work orders (arbetsordrar), maintenance plans that make them, and the control of
it: deviations, entreprenadkontroll, penalties (viten), warranties. The clocks are upkeep's; the rooms above say what an
order is about, and are told by the hook `after_order` how it goes.
"""
