"""What the tests ask of a database's plan."""


def uses_index(plan, table, *indexes):
    """Whether the plan goes through one of these indexes and never through the whole table."""
    scanned = f"Seq Scan on {table}" in plan or f"SCAN {table}\n" in f"{plan}\n"
    return any(index in plan for index in indexes) and not scanned
