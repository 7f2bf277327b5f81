# A secret and who may read it.

variable "create" { default = true }
variable "name" { default = null }
variable "kms_key_id" { default = null }
variable "create_policy" { default = false }
variable "policy_statements" { default = {} }
variable "block_public_policy" { default = null }
variable "secret_string" { default = null }
variable "enable_rotation" { default = false }
variable "rotation_lambda_arn" { default = "" }

locals {
  ignored = [
    "region", "tags", "name_prefix", "description", "force_overwrite_replica_secret", "recovery_window_in_days", "replica", "ignore_secret_changes",
    "secret_binary", "version_stages", "create_random_password", "random_password_length", "random_password_override_special",
    "secret_string_wo", "secret_string_wo_version", "rotation_rules", "rotate_immediately",
  ]
}

resource "aws_secretsmanager_secret" "this" {
  count      = var.create ? 1 : 0
  name       = var.name
  kms_key_id = var.kms_key_id
}

resource "aws_secretsmanager_secret_version" "this" {
  count         = var.create && var.secret_string != null ? 1 : 0
  secret_id     = aws_secretsmanager_secret.this[0].id
  secret_string = var.secret_string
}

data "aws_iam_policy_document" "this" {
  count = var.create && var.create_policy ? 1 : 0
  dynamic "statement" {
    for_each = var.policy_statements
    content {
      effect    = try(statement.value.effect, null)
      actions   = try(statement.value.actions, null)
      resources = try(statement.value.resources, null)
      dynamic "principals" {
        for_each = try(statement.value.principals, null) != null ? statement.value.principals : []
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
      dynamic "condition" {
        for_each = try(coalescelist(statement.value.condition), try(coalescelist(statement.value.conditions), []))
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_secretsmanager_secret_policy" "this" {
  count               = var.create && var.create_policy ? 1 : 0
  secret_arn          = aws_secretsmanager_secret.this[0].arn
  policy              = data.aws_iam_policy_document.this[0].json
  block_public_policy = var.block_public_policy
}

resource "aws_secretsmanager_secret_rotation" "this" {
  count               = var.create && var.enable_rotation ? 1 : 0
  secret_id           = aws_secretsmanager_secret.this[0].id
  rotation_lambda_arn = var.rotation_lambda_arn
}

output "secret_arn" { value = try(aws_secretsmanager_secret.this[0].arn, null) }
output "secret_id" { value = try(aws_secretsmanager_secret.this[0].id, null) }
output "secret_name" { value = try(aws_secretsmanager_secret.this[0].name, null) }
