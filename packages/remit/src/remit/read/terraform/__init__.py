"""Terraform and OpenTofu: configurations (HCL, local modules), plans and states, as Apps."""
