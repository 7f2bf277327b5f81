# A function, layer or both with a role, its permissions, event sources and URL.
# Only names, and what changes who can do what; building the archive is left out: its code is what source_path names.

variable "create" { default = true }
variable "create_function" { default = true }
variable "create_layer" { default = false }
variable "create_role" { default = true }
variable "create_lambda_function_url" { default = false }
variable "create_async_event_config" { default = false }
variable "create_current_version_allowed_triggers" { default = true }
variable "create_unqualified_alias_allowed_triggers" { default = true }
variable "lambda_at_edge" { default = false }
variable "function_name" { default = null }
variable "handler" { default = null }
variable "runtime" { default = null }
variable "lambda_role" { default = null }
variable "layers" { default = null }
variable "architectures" { default = null }
variable "kms_key_arn" { default = null }
variable "code_signing_config_arn" { default = null }
variable "memory_size" { default = 128 }
variable "ephemeral_storage_size" { default = 512 }
variable "reserved_concurrent_executions" { default = null }
variable "publish" { default = false }
variable "timeout" { default = 3 }
variable "environment_variables" { default = {} }
variable "tracing_mode" { default = null }
variable "vpc_subnet_ids" { default = null }
variable "vpc_security_group_ids" { default = null }
variable "file_system_arn" { default = null }
variable "file_system_local_mount_path" { default = null }
variable "package_type" { default = "Zip" }
variable "image_uri" { default = null }
variable "image_config_entry_point" { default = [] }
variable "image_config_command" { default = [] }
variable "image_config_working_directory" { default = null }
variable "dead_letter_target_arn" { default = null }
variable "destination_on_failure" { default = null }
variable "destination_on_success" { default = null }
variable "maximum_event_age_in_seconds" { default = null }
variable "maximum_retry_attempts" { default = null }
variable "authorization_type" { default = "NONE" }
variable "invoke_mode" { default = null }
variable "cors" { default = {} }
variable "layer_name" { default = null }
variable "compatible_runtimes" { default = [] }
variable "allowed_triggers" { default = {} }
variable "event_source_mapping" { default = {} }
variable "use_existing_cloudwatch_log_group" { default = false }
variable "cloudwatch_logs_retention_in_days" { default = null }
variable "cloudwatch_logs_kms_key_id" { default = null }
variable "role_name" { default = null }
variable "role_permissions_boundary" { default = null }
variable "trusted_entities" { default = [] }
variable "assume_role_policy_statements" { default = {} }
variable "attach_cloudwatch_logs_policy" { default = true }
variable "attach_create_log_group_permission" { default = true }
variable "attach_dead_letter_policy" { default = false }
variable "attach_network_policy" { default = false }
variable "attach_tracing_policy" { default = false }
variable "attach_async_event_policy" { default = false }
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
variable "source_path" { default = null }
variable "local_existing_package" { default = null }
variable "s3_existing_package" { default = null }

locals {
  ignored = [
    "region", "create_package", "create_sam_metadata", "putin_khuylo", "lambda_at_edge_logs_all_regions", "description", "tags",
    "include_default_tag", "function_tags", "s3_object_tags", "s3_object_tags_only", "ipv6_allowed_for_dual_stack", "snap_start",
    "replace_security_groups_on_destroy", "replacement_security_group_ids", "timeouts", "skip_destroy", "tenant_isolation_mode",
    "create_unqualified_alias_lambda_function_url", "s3_object_override_default_tags", "layer_skip_destroy", "license_info",
    "compatible_architectures", "create_current_version_async_event_config", "create_unqualified_alias_async_event_config",
    "provisioned_concurrent_executions", "cloudwatch_logs_skip_destroy", "cloudwatch_logs_log_group_class", "cloudwatch_logs_tags",
    "cloudwatch_logs_deletion_protection_enabled", "role_description", "role_path", "role_force_detach_policies", "role_tags",
    "role_maximum_session_duration", "policy_name", "policy_path", "number_of_policy_jsons", "number_of_policies", "artifacts_dir", "s3_prefix",
    "ignore_source_code_hash", "store_on_s3", "s3_object_storage_class", "s3_bucket", "s3_acl", "s3_server_side_encryption",
    "s3_kms_key_id", "hash_extra", "build_in_docker", "docker_file", "docker_build_root", "docker_image", "docker_with_ssh_agent",
    "docker_pip_cache", "docker_additional_options", "docker_entrypoint", "recreate_missing_package", "trigger_on_package_timestamp",
    "quiet_archive_local_exec", "logging_log_format", "logging_application_log_level", "logging_system_log_level",
    "logging_log_group", "recursive_loop", "durable_config_execution_timeout", "durable_config_retention_period",
    "managed_instances_capacity_provider_arn",
  ]
  makes_function = var.create && var.create_function && !var.create_layer
  makes_layer    = var.create && var.create_layer
  makes_role     = local.makes_function && var.create_role
  # A path, a description with a path, or a list of either.
  sources = [for item in var.source_path == null ? [] : try(tolist(var.source_path), [var.source_path]) : try(item.path, item)]
  from    = try(local.sources[0], null)
}

data "archive_file" "code" {
  count       = local.from != null ? 1 : 0
  type        = "zip"
  source_dir  = local.from
  output_path = "builds/${coalesce(var.function_name, var.layer_name, "code")}.zip"
}

resource "aws_lambda_function" "this" {
  count                          = local.makes_function ? 1 : 0
  function_name                  = var.function_name
  handler                        = var.package_type == "Zip" ? var.handler : null
  runtime                        = var.package_type == "Zip" ? var.runtime : null
  role                           = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role
  filename                       = local.from != null ? data.archive_file.code[0].output_path : var.local_existing_package
  s3_bucket                      = try(var.s3_existing_package.bucket, null)
  s3_key                         = try(var.s3_existing_package.key, null)
  s3_object_version              = try(var.s3_existing_package.version_id, null)
  package_type                   = var.package_type
  image_uri                      = var.image_uri
  layers                         = var.layers
  architectures                  = var.architectures
  kms_key_arn                    = var.kms_key_arn
  code_signing_config_arn        = var.code_signing_config_arn
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  publish                        = var.publish || var.lambda_at_edge
  reserved_concurrent_executions = var.reserved_concurrent_executions

  dynamic "environment" {
    for_each = var.environment_variables == {} || var.environment_variables == null ? [] : [true]
    content {
      variables = var.environment_variables
    }
  }
  dynamic "ephemeral_storage" {
    for_each = var.ephemeral_storage_size == null ? [] : [true]
    content {
      size = var.ephemeral_storage_size
    }
  }
  dynamic "dead_letter_config" {
    for_each = var.dead_letter_target_arn == null ? [] : [true]
    content {
      target_arn = var.dead_letter_target_arn
    }
  }
  dynamic "tracing_config" {
    for_each = var.tracing_mode == null ? [] : [true]
    content {
      mode = var.tracing_mode
    }
  }
  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids != null && var.vpc_security_group_ids != null ? [true] : []
    content {
      subnet_ids         = var.vpc_subnet_ids
      security_group_ids = var.vpc_security_group_ids
    }
  }
  dynamic "file_system_config" {
    for_each = var.file_system_arn != null && var.file_system_local_mount_path != null ? [true] : []
    content {
      arn              = var.file_system_arn
      local_mount_path = var.file_system_local_mount_path
    }
  }
  dynamic "image_config" {
    for_each = var.image_config_command != [] || var.image_config_entry_point != [] ? [true] : []
    content {
      command           = var.image_config_command
      entry_point       = var.image_config_entry_point
      working_directory = var.image_config_working_directory
    }
  }
}

resource "aws_lambda_layer_version" "this" {
  count               = local.makes_layer ? 1 : 0
  layer_name          = var.layer_name
  compatible_runtimes = var.compatible_runtimes
  filename            = local.from != null ? data.archive_file.code[0].output_path : var.local_existing_package
  s3_bucket           = try(var.s3_existing_package.bucket, null)
  s3_key              = try(var.s3_existing_package.key, null)
}

resource "aws_cloudwatch_log_group" "lambda" {
  count             = local.makes_function && !var.use_existing_cloudwatch_log_group ? 1 : 0
  name              = "/aws/lambda/${var.lambda_at_edge ? "us-east-1." : ""}${var.function_name}"
  retention_in_days = var.cloudwatch_logs_retention_in_days
  kms_key_id        = var.cloudwatch_logs_kms_key_id
}

resource "aws_iam_role" "lambda" {
  count                = local.makes_role ? 1 : 0
  name                 = coalesce(var.role_name, var.function_name)
  permissions_boundary = var.role_permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.assume[0].json
}

data "aws_iam_policy_document" "assume" {
  count = local.makes_role ? 1 : 0
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = distinct(concat(var.lambda_at_edge ? ["edgelambda.amazonaws.com"] : [], ["lambda.amazonaws.com"], [for one in var.trusted_entities : one if can(tostring(one))]))
    }
    dynamic "principals" {
      for_each = [for one in var.trusted_entities : one if !can(tostring(one))]
      content {
        type        = principals.value.type
        identifiers = principals.value.identifiers
      }
    }
  }
  dynamic "statement" {
    for_each = var.assume_role_policy_statements
    content {
      effect  = try(statement.value.effect, "Allow")
      actions = try(statement.value.actions, ["sts:AssumeRole"])
      dynamic "principals" {
        for_each = try(statement.value.principals, [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
      dynamic "condition" {
        for_each = try(statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "logs" {
  count = local.makes_role && var.attach_cloudwatch_logs_policy ? 1 : 0
  role  = aws_iam_role.lambda[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = concat(!var.use_existing_cloudwatch_log_group && var.attach_create_log_group_permission ? ["logs:CreateLogGroup"] : [], ["logs:CreateLogStream", "logs:PutLogEvents"])
      Resource = ["arn:aws:logs:*:*:log-group:/aws/lambda/${var.function_name}:*", "arn:aws:logs:*:*:log-group:/aws/lambda/${var.function_name}:*:*"]
    }]
  })
}

resource "aws_iam_role_policy" "dead_letter" {
  count = local.makes_role && var.attach_dead_letter_policy ? 1 : 0
  role  = aws_iam_role.lambda[0].name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["sns:Publish", "sqs:SendMessage"], Resource = [var.dead_letter_target_arn] }]
  })
}

resource "aws_iam_role_policy" "async" {
  count = local.makes_role && var.attach_async_event_policy ? 1 : 0
  role  = aws_iam_role.lambda[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["sns:Publish", "sqs:SendMessage", "events:PutEvents", "lambda:InvokeFunction"]
      Resource = compact(distinct([var.destination_on_failure, var.destination_on_success]))
    }]
  })
}

resource "aws_iam_role_policy_attachment" "network" {
  count      = local.makes_role && var.attach_network_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"
}

resource "aws_iam_role_policy_attachment" "tracing" {
  count      = local.makes_role && var.attach_tracing_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
}

resource "aws_iam_role_policy" "json" {
  count  = local.makes_role && var.attach_policy_json ? 1 : 0
  role   = aws_iam_role.lambda[0].name
  policy = var.policy_json
}

resource "aws_iam_role_policy" "jsons" {
  for_each = local.makes_role && var.attach_policy_jsons ? { for number, text in var.policy_jsons : tostring(number) => text } : {}
  role     = aws_iam_role.lambda[0].name
  policy   = each.value
}

resource "aws_iam_role_policy_attachment" "one" {
  count      = local.makes_role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "many" {
  for_each   = local.makes_role && var.attach_policies ? { for number, arn in var.policies : tostring(number) => arn } : {}
  role       = aws_iam_role.lambda[0].name
  policy_arn = each.value
}

data "aws_iam_policy_document" "statements" {
  count = local.makes_role && var.attach_policy_statements ? 1 : 0
  dynamic "statement" {
    for_each = var.policy_statements
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, "Allow")
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)
      dynamic "condition" {
        for_each = try(statement.value.condition, statement.value.conditions, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "statements" {
  count  = local.makes_role && var.attach_policy_statements ? 1 : 0
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.statements[0].json
}

resource "aws_lambda_permission" "triggers" {
  for_each           = local.makes_function ? var.allowed_triggers : {}
  function_name      = aws_lambda_function.this[0].function_name
  action             = try(each.value.action, "lambda:InvokeFunction")
  principal          = try(each.value.principal, "${each.value.service}.amazonaws.com")
  principal_org_id   = try(each.value.principal_org_id, null)
  source_arn         = try(each.value.source_arn, null)
  source_account     = try(each.value.source_account, null)
  event_source_token = try(each.value.event_source_token, null)
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each                           = local.makes_function ? var.event_source_mapping : {}
  function_name                      = aws_lambda_function.this[0].arn
  event_source_arn                   = try(each.value.event_source_arn, null)
  batch_size                         = try(each.value.batch_size, null)
  enabled                            = try(each.value.enabled, null)
  starting_position                  = try(each.value.starting_position, null)
  maximum_batching_window_in_seconds = try(each.value.maximum_batching_window_in_seconds, null)
  function_response_types            = try(each.value.function_response_types, null)
  topics                             = try(each.value.topics, null)
  queues                             = try(each.value.queues, null)
  dynamic "filter_criteria" {
    for_each = try(each.value.filter_criteria, null) != null ? [true] : []
    content {
      dynamic "filter" {
        for_each = try(tolist(each.value.filter_criteria), [each.value.filter_criteria])
        content {
          pattern = try(filter.value.pattern, null)
        }
      }
    }
  }
  dynamic "destination_config" {
    for_each = try(each.value.destination_arn_on_failure, null) != null ? [true] : []
    content {
      on_failure {
        destination_arn = each.value.destination_arn_on_failure
      }
    }
  }
}

resource "aws_lambda_function_url" "this" {
  count              = local.makes_function && var.create_lambda_function_url ? 1 : 0
  function_name      = aws_lambda_function.this[0].function_name
  authorization_type = var.authorization_type
  invoke_mode        = var.invoke_mode
  dynamic "cors" {
    for_each = var.cors == {} ? [] : [var.cors]
    content {
      allow_credentials = try(cors.value.allow_credentials, null)
      allow_headers     = try(cors.value.allow_headers, null)
      allow_methods     = try(cors.value.allow_methods, null)
      allow_origins     = try(cors.value.allow_origins, null)
      expose_headers    = try(cors.value.expose_headers, null)
      max_age           = try(cors.value.max_age, null)
    }
  }
}

resource "aws_lambda_function_event_invoke_config" "this" {
  count                        = local.makes_function && var.create_async_event_config ? 1 : 0
  function_name                = aws_lambda_function.this[0].function_name
  maximum_event_age_in_seconds = var.maximum_event_age_in_seconds
  maximum_retry_attempts       = var.maximum_retry_attempts
  dynamic "destination_config" {
    for_each = var.destination_on_failure != null || var.destination_on_success != null ? [true] : []
    content {
      dynamic "on_failure" {
        for_each = var.destination_on_failure != null ? [true] : []
        content {
          destination = var.destination_on_failure
        }
      }
      dynamic "on_success" {
        for_each = var.destination_on_success != null ? [true] : []
        content {
          destination = var.destination_on_success
        }
      }
    }
  }
}

output "lambda_function_arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_arn_static" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_name" { value = try(aws_lambda_function.this[0].function_name, "") }
output "lambda_function_invoke_arn" { value = try(aws_lambda_function.this[0].invoke_arn, "") }
output "lambda_function_qualified_arn" { value = try(aws_lambda_function.this[0].qualified_arn, "") }
output "lambda_function_qualified_invoke_arn" { value = try(aws_lambda_function.this[0].qualified_invoke_arn, "") }
output "lambda_function_version" { value = try(aws_lambda_function.this[0].version, "") }
output "lambda_function_url" { value = try(aws_lambda_function_url.this[0].function_url, "") }
output "lambda_function_url_id" { value = try(aws_lambda_function_url.this[0].url_id, "") }
output "lambda_layer_arn" { value = try(aws_lambda_layer_version.this[0].arn, "") }
output "lambda_layer_layer_arn" { value = try(aws_lambda_layer_version.this[0].layer_arn, "") }
output "lambda_layer_version" { value = try(aws_lambda_layer_version.this[0].version, "") }
output "lambda_role_arn" { value = try(aws_iam_role.lambda[0].arn, "") }
output "lambda_role_name" { value = try(aws_iam_role.lambda[0].name, "") }
output "lambda_cloudwatch_log_group_arn" { value = try(aws_cloudwatch_log_group.lambda[0].arn, "") }
output "lambda_cloudwatch_log_group_name" { value = try(aws_cloudwatch_log_group.lambda[0].name, "") }
# Before version 2 the outputs were called "this_...".
output "this_lambda_function_arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "this_lambda_function_name" { value = try(aws_lambda_function.this[0].function_name, "") }
output "this_lambda_function_invoke_arn" { value = try(aws_lambda_function.this[0].invoke_arn, "") }
