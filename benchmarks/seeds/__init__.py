"""What the benchmarks work on: photos and rows, made here, the same for every contestant, never committed."""
