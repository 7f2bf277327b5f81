# One function that is also watched by Datadog. Its handler stays what the user wrote: theirs is what runs behind the wrapper.

variable "function_name" { default = null }
variable "handler" { default = null }
variable "runtime" { default = null }
variable "role" { default = null }
variable "filename" { default = null }
variable "image_uri" { default = null }
variable "s3_bucket" { default = null }
variable "s3_key" { default = null }
variable "s3_object_version" { default = null }
variable "layers" { default = [] }
variable "architectures" { default = null }
variable "package_type" { default = "Zip" }
variable "environment_variables" { default = {} }
variable "memory_size" { default = 128 }
variable "timeout" { default = 3 }
variable "kms_key_arn" { default = null }
variable "code_signing_config_arn" { default = null }
variable "reserved_concurrent_executions" { default = null }
variable "dead_letter_config_target_arn" { default = null }
variable "tracing_config_mode" { default = null }
variable "vpc_config_security_group_ids" { default = null }
variable "vpc_config_subnet_ids" { default = null }
variable "file_system_config_arn" { default = null }
variable "file_system_config_local_mount_path" { default = null }
variable "ephemeral_storage_size" { default = null }
variable "publish" { default = null }

locals {
  ignored = [
    "datadog_extension_layer_version", "datadog_dotnet_layer_version", "datadog_java_layer_version", "datadog_node_layer_version",
    "datadog_python_layer_version", "datadog_ruby_layer_version", "fips", "description", "skip_destroy", "snap_start_apply_on", "source_code_hash",
    "tags", "timeouts", "logging_config_application_log_level", "logging_config_log_format", "logging_config_log_group",
    "logging_config_system_log_level", "vpc_config_ipv6_allowed_for_dual_stack", "image_config_command", "image_config_entry_point",
    "image_config_working_directory", "replace_security_groups_on_destroy", "replacement_security_group_ids",
  ]
}

resource "aws_lambda_function" "this" {
  function_name                  = var.function_name
  handler                        = var.handler
  runtime                        = var.runtime
  role                           = var.role
  filename                       = var.filename
  image_uri                      = var.image_uri
  s3_bucket                      = var.s3_bucket
  s3_key                         = var.s3_key
  s3_object_version              = var.s3_object_version
  layers                         = var.layers
  architectures                  = var.architectures
  package_type                   = var.package_type
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  kms_key_arn                    = var.kms_key_arn
  code_signing_config_arn        = var.code_signing_config_arn
  reserved_concurrent_executions = var.reserved_concurrent_executions
  publish                        = var.publish
  environment {
    variables = var.environment_variables
  }
  dynamic "ephemeral_storage" {
    for_each = var.ephemeral_storage_size == null ? [] : [true]
    content {
      size = var.ephemeral_storage_size
    }
  }
  dynamic "dead_letter_config" {
    for_each = var.dead_letter_config_target_arn == null ? [] : [true]
    content {
      target_arn = var.dead_letter_config_target_arn
    }
  }
  dynamic "tracing_config" {
    for_each = var.tracing_config_mode == null ? [] : [true]
    content {
      mode = var.tracing_config_mode
    }
  }
  dynamic "vpc_config" {
    for_each = var.vpc_config_subnet_ids != null ? [true] : []
    content {
      subnet_ids         = var.vpc_config_subnet_ids
      security_group_ids = var.vpc_config_security_group_ids
    }
  }
  dynamic "file_system_config" {
    for_each = var.file_system_config_arn != null ? [true] : []
    content {
      arn              = var.file_system_config_arn
      local_mount_path = var.file_system_config_local_mount_path
    }
  }
}

output "arn" { value = aws_lambda_function.this.arn }
output "function_name" { value = aws_lambda_function.this.function_name }
output "invoke_arn" { value = aws_lambda_function.this.invoke_arn }
output "qualified_arn" { value = aws_lambda_function.this.qualified_arn }
output "qualified_invoke_arn" { value = aws_lambda_function.this.qualified_invoke_arn }
output "version" { value = aws_lambda_function.this.version }
output "role" { value = aws_lambda_function.this.role }
output "handler" { value = aws_lambda_function.this.handler }
output "runtime" { value = aws_lambda_function.this.runtime }
output "environment" { value = aws_lambda_function.this.environment }
output "timeout" { value = aws_lambda_function.this.timeout }
output "memory_size" { value = aws_lambda_function.this.memory_size }
