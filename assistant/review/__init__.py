"""Review: a human's decisions on proposed levels."""
