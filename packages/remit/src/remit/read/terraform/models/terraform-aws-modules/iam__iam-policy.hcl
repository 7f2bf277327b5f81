# A policy of one's own, to be attached elsewhere.

variable "create" { default = true }
variable "create_policy" { default = true }
variable "name" { default = null }
variable "path" { default = null }
variable "policy" { default = "" }

locals {
  ignored = ["tags", "description", "name_prefix"]
}

resource "aws_iam_policy" "policy" {
  count  = var.create && var.create_policy ? 1 : 0
  name   = var.name
  path   = var.path
  policy = var.policy
}

output "arn" { value = try(aws_iam_policy.policy[0].arn, "") }
output "id" { value = try(aws_iam_policy.policy[0].id, "") }
output "name" { value = try(aws_iam_policy.policy[0].name, "") }
output "policy" { value = var.policy }
