"""Apps that run. Each is also a test."""
