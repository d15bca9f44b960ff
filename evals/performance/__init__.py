"""Benchmarks, each a module runnable with `python -m`."""
