# A bus, its rules, and what they lead to. Schedules and pipes are in it; the permissions of the module's own role are not.

variable "create" { default = true }
variable "create_bus" { default = true }
variable "create_rules" { default = true }
variable "create_targets" { default = true }
variable "create_permissions" { default = true }
variable "create_schedules" { default = true }
variable "bus_name" { default = "default" }
variable "rules" { default = {} }
variable "targets" { default = {} }
variable "permissions" { default = {} }
variable "schedules" { default = {} }
variable "append_rule_postfix" { default = true }
variable "append_schedule_postfix" { default = true }

locals {
  ignored = [
    "region", "tags", "bus_description", "log_config", "event_source_name", "kms_key_identifier", "dead_letter_config", "create_archives",
    "archives", "create_log_delivery", "create_log_delivery_source", "log_delivery", "log_delivery_source_name", "create_schemas_discoverer",
    "schemas_discoverer_description", "create_schedule_groups", "schedule_groups", "append_schedule_group_postfix",
    "schedule_group_timeouts", "append_connection_postfix", "append_destination_postfix", "append_pipe_postfix", "create_pipe_role_only",
  ]
  bus     = var.create_bus ? try(aws_cloudwatch_event_bus.this[0].name, null) : var.bus_name
  postfix = var.append_rule_postfix ? "-rule" : ""
  targets = { for target in flatten([for rule, list in var.targets : [for number, one in list : merge({ rule = rule, key = "${rule}/${try(one.name, number)}" }, one)]]) : target.key => target }
}

resource "aws_cloudwatch_event_bus" "this" {
  count = var.create && var.create_bus ? 1 : 0
  name  = var.bus_name
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each            = var.create && var.create_rules ? var.rules : {}
  name                = "${replace(each.key, "_", "-")}${local.postfix}"
  event_bus_name      = local.bus
  description         = try(each.value.description, null)
  event_pattern       = try(each.value.event_pattern, null)
  schedule_expression = try(each.value.schedule_expression, null)
  state               = try(each.value.enabled ? "ENABLED" : "DISABLED", null)
}

resource "aws_cloudwatch_event_target" "this" {
  for_each       = var.create && var.create_targets ? local.targets : {}
  event_bus_name = local.bus
  rule           = try(aws_cloudwatch_event_rule.this[each.value.rule].name, each.value.rule)
  arn            = try(each.value.arn, null)
  role_arn       = try(tostring(each.value.attach_role_arn), null) != "true" ? try(each.value.attach_role_arn, null) : null
  target_id      = try(each.value.target_id, null)
  input          = try(each.value.input, null)
  input_path     = try(each.value.input_path, null)
  dynamic "dead_letter_config" {
    for_each = try(each.value.dead_letter_arn, null) != null ? [true] : []
    content {
      arn = each.value.dead_letter_arn
    }
  }
  dynamic "input_transformer" {
    for_each = try(each.value.input_transformer, null) != null ? [each.value.input_transformer] : []
    content {
      input_paths    = try(input_transformer.value.input_paths, null)
      input_template = try(input_transformer.value.input_template, null)
    }
  }
}

resource "aws_cloudwatch_event_permission" "this" {
  for_each       = var.create && var.create_permissions ? var.permissions : {}
  principal      = split(" ", each.key)[0]
  statement_id   = try(split(" ", each.key)[1], each.key)
  action         = try(each.value.action, null)
  event_bus_name = local.bus
}

resource "aws_scheduler_schedule" "this" {
  for_each            = var.create && var.create_schedules ? var.schedules : {}
  name                = "${replace(each.key, "_", "-")}${var.append_schedule_postfix ? "-schedule" : ""}"
  schedule_expression = try(each.value.schedule_expression, null)
  group_name          = try(each.value.group_name, null)
  state               = try(each.value.state, null)
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = try(each.value.arn, null)
    role_arn = try(each.value.role_arn, null)
    input    = try(each.value.input, null)
  }
}

output "eventbridge_bus_name" { value = try(aws_cloudwatch_event_bus.this[0].name, var.bus_name) }
output "eventbridge_bus_arn" { value = try(aws_cloudwatch_event_bus.this[0].arn, "") }
output "eventbridge_bus" { value = try(aws_cloudwatch_event_bus.this[0], null) }
output "eventbridge_rules" { value = aws_cloudwatch_event_rule.this }
output "eventbridge_rule_arns" { value = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.arn } }
output "eventbridge_rule_ids" { value = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.id } }
output "eventbridge_schedule_arns" { value = { for name, one in aws_scheduler_schedule.this : name => one.arn } }
