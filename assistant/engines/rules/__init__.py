"""The rules engine: reads shop-floor Chinese without a model, offline; says nothing where it is not sure."""
