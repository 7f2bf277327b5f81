"""Where signals go: one JSON line on the process's real output, and where the user asks for it, a collector."""
