"""Duties (lagkrav och uppdrag): what the law on crime prevention (2023:196) and the city's own steering ask.

The coordination function and a samordnare for each board and company, the municipality's lägesbild and its plan with
their clocks of 24 months, one page that says what is met, late or lacking; what is asked of an organisation
("Vårt arbete här"); and goals, indicators and activities per tertial (ILS). It stands above cooperation.
"""
