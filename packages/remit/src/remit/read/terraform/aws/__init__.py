"""What Terraform's AWS provider calls things, in the words of CloudFormation: one module for each family of services."""
