"""Timed work beside our peers: rows of ratios, each from one run in which all take turns.

`python -m benchmarks ROW…` runs them; `script/bench` does the set-up first. How to read them:
docs/how-to/run-the-benchmarks.md. Nothing here gates a test or is packed into a release.
"""
