# A queue, its dead-letter queue, and their policies.

variable "create" { default = true }
variable "name" { default = null }
variable "fifo_queue" { default = false }
variable "content_based_deduplication" { default = null }
variable "kms_master_key_id" { default = null }
variable "sqs_managed_sse_enabled" { default = true }
variable "message_retention_seconds" { default = null }
variable "visibility_timeout_seconds" { default = null }
variable "redrive_policy" { default = {} }
variable "create_dlq" { default = false }
variable "dlq_name" { default = null }
variable "dlq_kms_master_key_id" { default = null }
variable "dlq_sqs_managed_sse_enabled" { default = true }
variable "create_queue_policy" { default = false }
variable "queue_policy_statements" { default = {} }
variable "create_dlq_queue_policy" { default = false }
variable "dlq_queue_policy_statements" { default = {} }
variable "policy" { default = null }

locals {
  ignored = [
    "region", "tags", "use_name_prefix", "deduplication_scope", "delay_seconds", "fifo_throughput_limit", "kms_data_key_reuse_period_seconds",
    "max_message_size", "receive_wait_time_seconds", "redrive_allow_policy", "create_dlq_redrive_allow_policy",
    "dlq_content_based_deduplication", "dlq_deduplication_scope", "dlq_delay_seconds", "dlq_kms_data_key_reuse_period_seconds",
    "dlq_message_retention_seconds", "dlq_receive_wait_time_seconds", "dlq_redrive_allow_policy", "dlq_tags",
    "dlq_visibility_timeout_seconds", "dlq_fifo_throughput_limit", "dlq_max_message_size", "dlq_use_name_prefix",
  ]
  suffix = var.fifo_queue ? ".fifo" : ""
  name   = try("${trimsuffix(var.name, ".fifo")}${local.suffix}", null)
}

resource "aws_sqs_queue" "this" {
  count                       = var.create ? 1 : 0
  name                        = local.name
  fifo_queue                  = var.fifo_queue
  content_based_deduplication = var.content_based_deduplication
  kms_master_key_id           = var.kms_master_key_id
  sqs_managed_sse_enabled     = var.kms_master_key_id != null ? null : var.sqs_managed_sse_enabled
  message_retention_seconds   = var.message_retention_seconds
  visibility_timeout_seconds  = var.visibility_timeout_seconds
  policy                      = var.policy
  redrive_policy              = var.create_dlq ? jsonencode(merge({ deadLetterTargetArn = aws_sqs_queue.dlq[0].arn, maxReceiveCount = 5 }, var.redrive_policy)) : try(length(var.redrive_policy) > 0 ? try(jsonencode(tomap(var.redrive_policy)), var.redrive_policy) : null, var.redrive_policy)
}

resource "aws_sqs_queue" "dlq" {
  count                   = var.create && var.create_dlq ? 1 : 0
  name                    = try(coalesce(var.dlq_name), "${trimsuffix(var.name, ".fifo")}-dlq${local.suffix}", null)
  fifo_queue              = var.fifo_queue
  kms_master_key_id       = var.dlq_kms_master_key_id
  sqs_managed_sse_enabled = var.dlq_kms_master_key_id != null ? null : var.dlq_sqs_managed_sse_enabled
}

data "aws_iam_policy_document" "this" {
  count = var.create && var.create_queue_policy ? 1 : 0
  dynamic "statement" {
    for_each = var.queue_policy_statements
    content {
      sid         = try(statement.value.sid, null)
      effect      = try(statement.value.effect, null)
      actions     = try(statement.value.actions, null)
      not_actions = try(statement.value.not_actions, null)
      resources   = try(statement.value.resources, null) != null ? statement.value.resources : [aws_sqs_queue.this[0].arn]
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

resource "aws_sqs_queue_policy" "this" {
  count     = var.create && var.create_queue_policy ? 1 : 0
  queue_url = aws_sqs_queue.this[0].url
  policy    = data.aws_iam_policy_document.this[0].json
}

data "aws_iam_policy_document" "dlq" {
  count = var.create && var.create_dlq && var.create_dlq_queue_policy ? 1 : 0
  dynamic "statement" {
    for_each = var.dlq_queue_policy_statements
    content {
      effect    = try(statement.value.effect, null)
      actions   = try(statement.value.actions, null)
      resources = [aws_sqs_queue.dlq[0].arn]
      dynamic "principals" {
        for_each = try(statement.value.principals, null) != null ? statement.value.principals : []
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
    }
  }
}

resource "aws_sqs_queue_policy" "dlq" {
  count     = var.create && var.create_dlq && var.create_dlq_queue_policy ? 1 : 0
  queue_url = aws_sqs_queue.dlq[0].url
  policy    = data.aws_iam_policy_document.dlq[0].json
}

output "queue_id" { value = try(aws_sqs_queue.this[0].id, null) }
output "queue_arn" { value = try(aws_sqs_queue.this[0].arn, null) }
output "queue_arn_static" { value = try(aws_sqs_queue.this[0].arn, null) }
output "queue_url" { value = try(aws_sqs_queue.this[0].url, null) }
output "queue_name" { value = try(aws_sqs_queue.this[0].name, null) }
output "dead_letter_queue_id" { value = try(aws_sqs_queue.dlq[0].id, null) }
output "dead_letter_queue_arn" { value = try(aws_sqs_queue.dlq[0].arn, null) }
output "dead_letter_queue_url" { value = try(aws_sqs_queue.dlq[0].url, null) }
output "dead_letter_queue_name" { value = try(aws_sqs_queue.dlq[0].name, null) }
output "sqs_queue_id" { value = try(aws_sqs_queue.this[0].id, null) }
output "sqs_queue_arn" { value = try(aws_sqs_queue.this[0].arn, null) }
output "sqs_queue_name" { value = try(aws_sqs_queue.this[0].name, null) }
