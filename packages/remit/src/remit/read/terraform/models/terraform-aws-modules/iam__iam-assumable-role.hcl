# A role with who may take it, and what it is allowed.

variable "create_role" { default = true }
variable "role_name" { default = null }
variable "role_permissions_boundary_arn" { default = "" }
variable "trusted_role_arns" { default = [] }
variable "trusted_role_services" { default = [] }
variable "trusted_role_actions" { default = ["sts:AssumeRole"] }
variable "trust_policy_conditions" { default = [] }
variable "create_custom_role_trust_policy" { default = false }
variable "custom_role_trust_policy" { default = "" }
variable "custom_role_policy_arns" { default = [] }
variable "attach_admin_policy" { default = false }
variable "attach_poweruser_policy" { default = false }
variable "attach_readonly_policy" { default = false }
variable "admin_role_policy_arn" { default = "arn:aws:iam::aws:policy/AdministratorAccess" }
variable "poweruser_role_policy_arn" { default = "arn:aws:iam::aws:policy/PowerUserAccess" }
variable "readonly_role_policy_arn" { default = "arn:aws:iam::aws:policy/ReadOnlyAccess" }
variable "role_requires_mfa" { default = true }
variable "inline_policy_statements" { default = [] }

locals {
  ignored = [
    "tags", "role_path", "role_description", "number_of_custom_role_policy_arns", "max_session_duration", "force_detach_policies", "mfa_age",
    "create_instance_profile", "role_name_prefix",
  ]
  attached = concat(
    var.custom_role_policy_arns,
    var.attach_admin_policy ? [var.admin_role_policy_arn] : [],
    var.attach_poweruser_policy ? [var.poweruser_role_policy_arn] : [],
    var.attach_readonly_policy ? [var.readonly_role_policy_arn] : [],
  )
}

data "aws_iam_policy_document" "trust" {
  count = var.create_role ? 1 : 0
  statement {
    actions = var.trusted_role_actions
    dynamic "principals" {
      for_each = var.trusted_role_arns == [] ? [] : [true]
      content {
        type        = "AWS"
        identifiers = var.trusted_role_arns
      }
    }
    dynamic "principals" {
      for_each = var.trusted_role_services == [] ? [] : [true]
      content {
        type        = "Service"
        identifiers = var.trusted_role_services
      }
    }
    dynamic "condition" {
      for_each = var.trust_policy_conditions
      content {
        test     = condition.value.test
        variable = condition.value.variable
        values   = condition.value.values
      }
    }
    dynamic "condition" {
      for_each = var.role_requires_mfa && var.trusted_role_arns != [] ? [true] : []
      content {
        test     = "Bool"
        variable = "aws:MultiFactorAuthPresent"
        values   = ["true"]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  permissions_boundary = var.role_permissions_boundary_arn == "" ? null : var.role_permissions_boundary_arn
  assume_role_policy   = var.create_custom_role_trust_policy ? var.custom_role_trust_policy : data.aws_iam_policy_document.trust[0].json
}

resource "aws_iam_role_policy_attachment" "all" {
  for_each   = var.create_role ? { for number, arn in local.attached : tostring(number) => arn } : {}
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

data "aws_iam_policy_document" "inline" {
  count = var.create_role && var.inline_policy_statements != [] ? 1 : 0
  dynamic "statement" {
    for_each = var.inline_policy_statements
    content {
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)
      dynamic "condition" {
        for_each = try(statement.value.conditions, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "inline" {
  count  = var.create_role && var.inline_policy_statements != [] ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = data.aws_iam_policy_document.inline[0].json
}

output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, "") }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, "") }
output "this_iam_role_arn" { value = try(aws_iam_role.this[0].arn, "") }
output "this_iam_role_name" { value = try(aws_iam_role.this[0].name, "") }
