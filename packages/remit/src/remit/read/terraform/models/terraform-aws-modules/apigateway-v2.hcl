# An HTTP or WebSocket API with its routes: "routes" since version 5, "integrations" before.

variable "create" { default = true }
variable "create_api_gateway" { default = true }
variable "name" { default = "" }
variable "protocol_type" { default = "HTTP" }
variable "body" { default = null }
variable "cors_configuration" { default = null }
variable "disable_execute_api_endpoint" { default = null }
variable "route_key" { default = null }
variable "target" { default = null }
variable "authorizers" { default = {} }
variable "routes" { default = {} }
variable "integrations" { default = {} }
variable "create_routes_and_integrations" { default = true }
variable "create_stage" { default = true }
variable "create_default_stage" { default = true }
variable "stage_name" { default = "$default" }
variable "stage_access_log_settings" { default = {} }
variable "default_stage_access_log_destination_arn" { default = null }
variable "stage_default_route_settings" { default = {} }
variable "default_route_settings" { default = {} }

locals {
  ignored = [
    "region", "tags", "api_key_selection_expression", "credentials_arn", "description", "fail_on_warnings", "ip_address_type",
    "route_selection_expression", "api_version", "api_mapping_key", "create_domain_name", "domain_name", "hosted_zone_name",
    "private_zone", "domain_name_certificate_arn", "domain_name_ownership_verification_certificate_arn", "mutual_tls_authentication",
    "create_domain_records", "subdomains", "subdomain_record_types", "create_certificate", "stage_client_certificate_id",
    "stage_description", "stage_variables", "stage_tags", "deploy_stage", "vpc_links", "vpc_link_tags", "create_api_domain_name",
    "default_stage_access_log_format", "default_stage_tags", "domain_name_tags", "create_vpc_link", "create_default_stage_api_mapping",
    "default_stage_name",
  ]
  makes  = var.create && var.create_api_gateway
  routes = var.create_routes_and_integrations ? merge(var.integrations, var.routes) : {}
}

resource "aws_apigatewayv2_api" "this" {
  count                        = local.makes ? 1 : 0
  name                         = var.name
  protocol_type                = var.protocol_type
  body                         = var.body
  route_key                    = var.route_key
  target                       = var.target
  disable_execute_api_endpoint = var.disable_execute_api_endpoint
  dynamic "cors_configuration" {
    for_each = var.cors_configuration == null || var.cors_configuration == {} ? [] : [var.cors_configuration]
    content {
      allow_credentials = try(cors_configuration.value.allow_credentials, null)
      allow_headers     = try(cors_configuration.value.allow_headers, null)
      allow_methods     = try(cors_configuration.value.allow_methods, null)
      allow_origins     = try(cors_configuration.value.allow_origins, null)
      expose_headers    = try(cors_configuration.value.expose_headers, null)
      max_age           = try(cors_configuration.value.max_age, null)
    }
  }
}

resource "aws_apigatewayv2_authorizer" "this" {
  for_each                          = local.makes ? var.authorizers : {}
  api_id                            = aws_apigatewayv2_api.this[0].id
  name                              = try(each.value.name, each.key)
  authorizer_type                   = try(each.value.authorizer_type, "REQUEST")
  authorizer_uri                    = try(each.value.authorizer_uri, null)
  authorizer_payload_format_version = try(each.value.authorizer_payload_format_version, null)
  identity_sources                  = try(tolist(each.value.identity_sources), [each.value.identity_sources], null)
  enable_simple_responses           = try(each.value.enable_simple_responses, null)
  dynamic "jwt_configuration" {
    for_each = try(each.value.jwt_configuration, each.value.issuer, null) == null ? [] : [true]
    content {
      audience = try(each.value.jwt_configuration.audience, each.value.audience, null)
      issuer   = try(each.value.jwt_configuration.issuer, each.value.issuer, null)
    }
  }
}

resource "aws_apigatewayv2_integration" "this" {
  for_each               = local.makes ? local.routes : {}
  api_id                 = aws_apigatewayv2_api.this[0].id
  integration_type       = try(each.value.integration.type, each.value.integration_type, can(coalesce(try(each.value.integration.uri, null), try(each.value.lambda_arn, null), try(each.value.integration_uri, null))) ? "AWS_PROXY" : "MOCK")
  integration_subtype    = try(each.value.integration.subtype, each.value.integration_subtype, null)
  integration_method     = try(each.value.integration.method, each.value.integration_method, null)
  integration_uri        = try(each.value.integration.uri, each.value.lambda_arn, each.value.integration_uri, null)
  credentials_arn        = try(each.value.integration.credentials_arn, each.value.credentials_arn, null)
  payload_format_version = try(each.value.integration.payload_format_version, each.value.payload_format_version, null)
  request_parameters     = try(each.value.integration.request_parameters, each.value.request_parameters, null)
}

resource "aws_apigatewayv2_route" "this" {
  for_each             = local.makes ? local.routes : {}
  api_id               = aws_apigatewayv2_api.this[0].id
  route_key            = each.key
  api_key_required     = try(each.value.api_key_required, null)
  authorization_scopes = try(each.value.authorization_scopes, null)
  authorization_type   = try(coalesce(each.value.authorization_type), try(var.authorizers[each.value.authorizer_key].authorizer_type, "") == "JWT" ? "JWT" : can(var.authorizers[each.value.authorizer_key]) ? "CUSTOM" : "NONE")
  authorizer_id        = try(aws_apigatewayv2_authorizer.this[each.value.authorizer_key].id, each.value.authorizer_id, null)
  target               = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
}

resource "aws_apigatewayv2_stage" "this" {
  count       = local.makes && var.create_stage && var.create_default_stage ? 1 : 0
  api_id      = aws_apigatewayv2_api.this[0].id
  name        = var.stage_name
  auto_deploy = true
  dynamic "access_log_settings" {
    for_each = try(coalesce(var.stage_access_log_settings.destination_arn, var.default_stage_access_log_destination_arn), null) == null ? [] : [true]
    content {
      destination_arn = try(coalesce(var.stage_access_log_settings.destination_arn), var.default_stage_access_log_destination_arn)
      format          = try(var.stage_access_log_settings.format, null)
    }
  }
  dynamic "default_route_settings" {
    for_each = merge(var.default_route_settings, var.stage_default_route_settings) == {} ? [] : [merge(var.default_route_settings, var.stage_default_route_settings)]
    content {
      throttling_burst_limit = try(default_route_settings.value.throttling_burst_limit, null)
      throttling_rate_limit  = try(default_route_settings.value.throttling_rate_limit, null)
    }
  }
}

output "api_id" { value = try(aws_apigatewayv2_api.this[0].id, "") }
output "api_endpoint" { value = try(aws_apigatewayv2_api.this[0].api_endpoint, "") }
output "api_arn" { value = try(aws_apigatewayv2_api.this[0].arn, "") }
output "api_execution_arn" { value = try(aws_apigatewayv2_api.this[0].execution_arn, "") }
output "apigatewayv2_api_id" { value = try(aws_apigatewayv2_api.this[0].id, "") }
output "apigatewayv2_api_api_endpoint" { value = try(aws_apigatewayv2_api.this[0].api_endpoint, "") }
output "apigatewayv2_api_arn" { value = try(aws_apigatewayv2_api.this[0].arn, "") }
output "apigatewayv2_api_execution_arn" { value = try(aws_apigatewayv2_api.this[0].execution_arn, "") }
output "authorizers" { value = aws_apigatewayv2_authorizer.this }
output "routes" { value = aws_apigatewayv2_route.this }
output "integrations" { value = aws_apigatewayv2_integration.this }
output "stage_id" { value = try(aws_apigatewayv2_stage.this[0].id, "") }
output "stage_arn" { value = try(aws_apigatewayv2_stage.this[0].arn, "") }
output "stage_execution_arn" { value = try(aws_apigatewayv2_stage.this[0].execution_arn, "") }
output "stage_invoke_url" { value = try(aws_apigatewayv2_stage.this[0].invoke_url, "") }
