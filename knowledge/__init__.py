"""The standard and everything known about it; knows nothing of assessments."""
