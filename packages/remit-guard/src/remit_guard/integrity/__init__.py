"""Is what runs what was built? The manifest inside the build, checked at cold start."""
