# A bucket with what decides who may read and write it.

variable "create_bucket" { default = true }
variable "bucket" { default = null }
variable "bucket_prefix" { default = null }
variable "acl" { default = null }
variable "attach_policy" { default = false }
variable "policy" { default = null }
variable "attach_public_policy" { default = true }
variable "block_public_acls" { default = true }
variable "block_public_policy" { default = true }
variable "ignore_public_acls" { default = true }
variable "restrict_public_buckets" { default = true }
variable "website" { default = {} }
variable "cors_rule" { default = [] }
variable "versioning" { default = {} }
variable "server_side_encryption_configuration" { default = {} }
variable "control_object_ownership" { default = false }
variable "object_ownership" { default = "BucketOwnerEnforced" }

locals {
  ignored = [
    "region", "tags", "force_destroy", "acceleration_status", "request_payer", "logging", "lifecycle_rule", "replication_configuration",
    "object_lock_enabled", "object_lock_configuration", "intelligent_tiering", "metric_configuration", "inventory_configuration",
    "analytics_configuration", "expected_bucket_owner", "owner", "putin_khuylo", "allowed_kms_key_arn", "access_log_delivery_policy_source_accounts",
    "attach_deny_insecure_transport_policy", "attach_require_latest_tls_policy", "attach_deny_incorrect_encryption_headers",
    "attach_deny_incorrect_kms_key_sse", "attach_deny_unencrypted_object_uploads", "attach_elb_log_delivery_policy", "attach_lb_log_delivery_policy",
    "attach_access_log_delivery_policy", "attach_inventory_destination_policy", "attach_analytics_destination_policy", "skip_destroy_public_access_block",
    "transition_default_minimum_object_size", "access_log_delivery_policy_source_buckets",
  ]
  cors = try(jsondecode(var.cors_rule), var.cors_rule)
}

resource "aws_s3_bucket" "this" {
  count         = var.create_bucket ? 1 : 0
  bucket        = var.bucket
  bucket_prefix = var.bucket_prefix
}

resource "aws_s3_bucket_acl" "this" {
  count  = var.create_bucket && var.acl != null ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  acl    = var.acl
}

resource "aws_s3_bucket_policy" "this" {
  count  = var.create_bucket && var.attach_policy ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  policy = var.policy
}

resource "aws_s3_bucket_public_access_block" "this" {
  count                   = var.create_bucket && var.attach_public_policy ? 1 : 0
  bucket                  = aws_s3_bucket.this[0].id
  block_public_acls       = var.block_public_acls
  block_public_policy     = var.block_public_policy
  ignore_public_acls      = var.ignore_public_acls
  restrict_public_buckets = var.restrict_public_buckets
}

resource "aws_s3_bucket_website_configuration" "this" {
  count  = var.create_bucket && var.website != {} ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  index_document {
    suffix = try(var.website.index_document, "index.html")
  }
}

resource "aws_s3_bucket_cors_configuration" "this" {
  count  = var.create_bucket && local.cors != [] ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  dynamic "cors_rule" {
    for_each = local.cors
    content {
      allowed_headers = try(cors_rule.value.allowed_headers, null)
      allowed_methods = try(cors_rule.value.allowed_methods, null)
      allowed_origins = try(cors_rule.value.allowed_origins, null)
      expose_headers  = try(cors_rule.value.expose_headers, null)
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  count  = var.create_bucket && var.versioning != {} ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  versioning_configuration {
    status = try(var.versioning.enabled ? "Enabled" : "Suspended", tobool(var.versioning.status) ? "Enabled" : "Suspended", title(lower(var.versioning.status)))
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count  = var.create_bucket && var.server_side_encryption_configuration != {} ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = try(var.server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm, null)
      kms_master_key_id = try(var.server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id, null)
    }
  }
}

resource "aws_s3_bucket_ownership_controls" "this" {
  count  = var.create_bucket && var.control_object_ownership ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  rule {
    object_ownership = var.object_ownership
  }
}

output "s3_bucket_id" { value = try(aws_s3_bucket.this[0].id, "") }
output "s3_bucket_arn" { value = try(aws_s3_bucket.this[0].arn, "") }
output "s3_bucket_region" { value = try(aws_s3_bucket.this[0].region, "") }
output "s3_bucket_bucket_domain_name" { value = try(aws_s3_bucket.this[0].bucket_domain_name, "") }
output "s3_bucket_bucket_regional_domain_name" { value = try(aws_s3_bucket.this[0].bucket_regional_domain_name, "") }
output "s3_bucket_website_endpoint" { value = try(aws_s3_bucket_website_configuration.this[0].website_endpoint, "") }
