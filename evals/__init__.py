"""Measuring: datasets, simulated respondents, metrics (pure), runners, recorded baselines, performance."""
