"""Prompts of the language-model engine: one file each, rendered with strict variables."""
