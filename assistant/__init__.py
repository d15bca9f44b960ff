"""The assistant: interviews a manufacturer's staff, proposes levels with evidence, grades, and lets a human decide."""
