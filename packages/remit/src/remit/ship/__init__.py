"""Ship: build reproducibly, sign, verify. Only what was approved runs."""
