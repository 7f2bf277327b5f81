# A network. Nothing of it decides who can send an event to a function, or what its role allows: only that it is there.

variable "create_vpc" { default = true }
variable "cidr" { default = null }

locals {
  ignored = ["*"]
}

resource "aws_vpc" "this" {
  count      = var.create_vpc ? 1 : 0
  cidr_block = var.cidr
}

output "vpc_id" { value = try(aws_vpc.this[0].id, null) }
output "vpc_arn" { value = try(aws_vpc.this[0].arn, null) }
output "vpc_cidr_block" { value = var.cidr }
output "default_security_group_id" { value = try(aws_vpc.this[0].default_security_group_id, null) }
