# A security group. Functions are not reached through a network; what is allowed in and out is not told.

variable "create" { default = true }
variable "create_sg" { default = true }
variable "name" { default = null }
variable "vpc_id" { default = null }

locals {
  ignored = ["*"]
}

resource "aws_security_group" "this" {
  count  = var.create && var.create_sg ? 1 : 0
  name   = var.name
  vpc_id = var.vpc_id
}

output "security_group_id" { value = try(aws_security_group.this[0].id, "") }
output "security_group_arn" { value = try(aws_security_group.this[0].arn, "") }
output "security_group_name" { value = var.name }
