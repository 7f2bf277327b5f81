# A name for one version of a function, and who may call it by that name.

variable "create" { default = true }
variable "use_existing_alias" { default = false }
variable "name" { default = "" }
variable "function_name" { default = "" }
variable "function_version" { default = "" }
variable "create_version_allowed_triggers" { default = true }
variable "create_qualified_alias_allowed_triggers" { default = true }
variable "allowed_triggers" { default = {} }
variable "event_source_mapping" { default = {} }

locals {
  ignored = [
    "refresh_alias", "description", "routing_additional_version_weights", "create_async_event_config", "create_version_async_event_config",
    "create_qualified_alias_async_event_config", "maximum_event_age_in_seconds", "maximum_retry_attempts", "region",
  ]
}

resource "aws_lambda_alias" "this" {
  count            = var.create && !var.use_existing_alias ? 1 : 0
  name             = var.name
  function_name    = var.function_name
  function_version = var.function_version
}

resource "aws_lambda_permission" "triggers" {
  for_each      = var.create && var.create_qualified_alias_allowed_triggers ? var.allowed_triggers : {}
  function_name = var.function_name
  qualifier     = var.name
  action        = try(each.value.action, "lambda:InvokeFunction")
  principal     = try(each.value.principal, "${each.value.service}.amazonaws.com")
  source_arn    = try(each.value.source_arn, null)
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each          = var.create ? var.event_source_mapping : {}
  function_name     = try(aws_lambda_alias.this[0].arn, var.function_name)
  event_source_arn  = try(each.value.event_source_arn, null)
  batch_size        = try(each.value.batch_size, null)
  enabled           = try(each.value.enabled, null)
  starting_position = try(each.value.starting_position, null)
}

output "lambda_alias_name" { value = try(aws_lambda_alias.this[0].name, var.name) }
output "lambda_alias_arn" { value = try(aws_lambda_alias.this[0].arn, "") }
output "lambda_alias_invoke_arn" { value = try(aws_lambda_alias.this[0].invoke_arn, "") }
output "lambda_alias_function_version" { value = var.function_version }
