"""The LLM engine: any OpenAI-compatible endpoint, read with care, never trusted; when it fails the rules engine carries on."""
