"""What the managed runtime brings along: the folder that ``LAMBDA_RUNTIME_DIR`` names."""
