# A state machine with its role. What service_integrations would allow is told as whole services: the module's own table
# of actions is long, and changes.

variable "create" { default = true }
variable "create_role" { default = true }
variable "use_existing_role" { default = false }
variable "role_arn" { default = "" }
variable "name" { default = "" }
variable "role_name" { default = null }
variable "type" { default = "STANDARD" }
variable "definition" { default = "" }
variable "role_permissions_boundary" { default = null }
variable "logging_configuration" { default = {} }
variable "attach_policy_json" { default = false }
variable "attach_policy_jsons" { default = false }
variable "attach_policy" { default = false }
variable "attach_policies" { default = false }
variable "attach_policy_statements" { default = false }
variable "policy_json" { default = null }
variable "policy_jsons" { default = [] }
variable "policy" { default = null }
variable "policies" { default = [] }
variable "policy_statements" { default = {} }
variable "service_integrations" { default = {} }

locals {
  ignored = [
    "region", "tags", "publish", "encryption_configuration", "use_existing_cloudwatch_log_group", "cloudwatch_log_group_name",
    "cloudwatch_log_group_retention_in_days", "cloudwatch_log_group_kms_key_id", "cloudwatch_log_group_tags", "sfn_state_machine_timeouts",
    "role_description", "role_path", "role_force_detach_policies", "role_tags", "number_of_policies", "number_of_policy_jsons",
    "attach_policies_for_integrations", "attach_cloudwatch_logs_policy", "aws_region_assume_role", "trusted_entities", "policy_path",
  ]
  makes_role = var.create && var.create_role && !var.use_existing_role
  actions = {
    lambda             = ["lambda:InvokeFunction"]
    dynamodb           = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
    sqs                = ["sqs:SendMessage"]
    sns                = ["sns:Publish"]
    eventbridge        = ["events:PutEvents"]
    stepfunction       = ["states:StartExecution"]
    stepfunction_Sync  = ["states:StartExecution", "states:DescribeExecution", "states:StopExecution"]
    xray               = ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"]
  }
  integrations = flatten([for service, parts in var.service_integrations : [for part, resources in try(tomap(parts), {}) : {
    actions   = try(local.actions[service], ["${service}:*"])
    resources = resources == true ? ["*"] : try(tolist(resources), ["*"])
  }]])
}

resource "aws_sfn_state_machine" "this" {
  count      = var.create ? 1 : 0
  name       = var.name
  role_arn   = local.makes_role ? aws_iam_role.this[0].arn : var.role_arn
  definition = var.definition
  type       = upper(var.type)
  dynamic "logging_configuration" {
    for_each = var.logging_configuration == {} ? [] : [var.logging_configuration]
    content {
      log_destination        = try(logging_configuration.value.log_destination, null)
      include_execution_data = try(logging_configuration.value.include_execution_data, null)
      level                  = try(logging_configuration.value.level, null)
    }
  }
}

resource "aws_iam_role" "this" {
  count                = local.makes_role ? 1 : 0
  name                 = try(coalesce(var.role_name, var.name), null)
  permissions_boundary = var.role_permissions_boundary
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "states.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "json" {
  count  = local.makes_role && var.attach_policy_json ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = var.policy_json
}

resource "aws_iam_role_policy" "jsons" {
  for_each = local.makes_role && var.attach_policy_jsons ? { for number, text in var.policy_jsons : tostring(number) => text } : {}
  role     = aws_iam_role.this[0].name
  policy   = each.value
}

resource "aws_iam_role_policy_attachment" "one" {
  count      = local.makes_role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "many" {
  for_each   = local.makes_role && var.attach_policies ? { for number, arn in var.policies : tostring(number) => arn } : {}
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

data "aws_iam_policy_document" "all" {
  count = local.makes_role ? 1 : 0
  dynamic "statement" {
    for_each = var.attach_policy_statements ? var.policy_statements : {}
    content {
      effect    = try(statement.value.effect, "Allow")
      actions   = try(statement.value.actions, null)
      resources = try(statement.value.resources, null)
    }
  }
  dynamic "statement" {
    for_each = local.integrations
    content {
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}

resource "aws_iam_role_policy" "all" {
  count  = local.makes_role ? 1 : 0
  role   = aws_iam_role.this[0].name
  policy = data.aws_iam_policy_document.all[0].json
}

output "state_machine_id" { value = try(aws_sfn_state_machine.this[0].id, "") }
output "state_machine_arn" { value = try(aws_sfn_state_machine.this[0].arn, "") }
output "state_machine_name" { value = try(aws_sfn_state_machine.this[0].name, "") }
output "role_arn" { value = try(aws_iam_role.this[0].arn, "") }
output "role_name" { value = try(aws_iam_role.this[0].name, "") }
output "this_state_machine_arn" { value = try(aws_sfn_state_machine.this[0].arn, "") }
