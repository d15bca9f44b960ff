"""Adapters of the Engine port: what turns words into verdicts."""
