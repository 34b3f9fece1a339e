"""`python -m core.cli`, for the worker that `tryggplats serve` starts."""

from core.cli import main

main()
