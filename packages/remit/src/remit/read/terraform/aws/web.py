"""What answers on the web: REST, HTTP and WebSocket APIs, GraphQL, distributions."""

from remit.app.node import Node
from remit.read.terraform.aws.documents import definition
from remit.read.terraform.aws.kind import DROP, Kind, Row, json, many, one, verbatim

_API_ARN = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}"
_REST_ARN = _API_ARN + ":${Ref}"
#: Where a stage is called: the arguments that name its API and itself.
_URL = "https://${{{}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/${{{}}}"
_SETTINGS = {
    "caching_enabled": "CachingEnabled",
    "data_trace_enabled": "DataTraceEnabled",
    "metrics_enabled": "MetricsEnabled",
    "logging_level": "LoggingLevel",
    "throttling_burst_limit": "ThrottlingBurstLimit",
    "throttling_rate_limit": "ThrottlingRateLimit",
}
_LOGS = one("AccessLogSetting", {"destination_arn": "DestinationArn", "format": "Format"})
_EDGE = many("LambdaFunctionAssociations", {"lambda_arn": "LambdaFunctionARN", "event_type": "EventType"})
_BEHAVIOUR = {"lambda_function_association": _EDGE, "forwarded_values": one("ForwardedValues")}


def _method_settings(properties: dict[str, Node]) -> None:
    """``*/*`` or ``orders/GET``: path and method apart, the path with its slash written as ``~1``."""
    path = properties.pop("MethodPath", None)
    settings = properties.pop("Settings", None)
    entries = dict(settings.value) if settings is not None and isinstance(settings.value, dict) else {}
    if path is not None and isinstance(path.value, str):
        resource, _, method = path.value.strip("/").rpartition("/")
        entries["HttpMethod"] = Node(method, path.location, path.key, path.absent)
        entries["ResourcePath"] = Node(
            "/" + resource.replace("~1", "/").strip("/"), path.location, path.key, path.absent
        )
    for name in tuple(properties):
        del properties[name]
    where = next(iter(entries.values())).location if entries else None
    if where is not None:
        properties["MethodSettings"] = Node((Node(entries, where),), where)


def _distribution(properties: dict[str, Node]) -> None:
    """A distribution has all of its settings in one property."""
    if properties:
        where = next(iter(properties.values())).location
        inner = Node(dict(properties), where)
        properties.clear()
        properties["DistributionConfig"] = inner


KINDS: dict[str, Kind] = {
    "aws_api_gateway_rest_api": Kind(
        "AWS::ApiGateway::RestApi",
        {
            "body": Row("Body", definition),
            "policy": json("Policy"),
            "endpoint_configuration": one("EndpointConfiguration"),
        },
        {"id": "", "name": "Name", "execution_arn": _REST_ARN, "root_resource_id": "RootResourceId"},
    ),
    "aws_api_gateway_rest_api_policy": Kind(
        "AWS::ApiGateway::RestApiPolicy",
        {"rest_api_id": DROP, "policy": json("Policy")},
        into="rest_api_id",
        owners=("AWS::ApiGateway::RestApi",),
    ),
    "aws_api_gateway_resource": Kind("AWS::ApiGateway::Resource", {}, {"id": ""}),
    "aws_api_gateway_method": Kind(
        "AWS::ApiGateway::Method",
        {
            "authorization": "AuthorizationType",
            "request_parameters": verbatim("RequestParameters"),
            "request_models": verbatim("RequestModels"),
        },
        {"id": ""},
    ),
    "aws_api_gateway_integration": Kind(
        "AWS::ApiGateway::MethodIntegration",
        {
            "rest_api_id": DROP,
            "resource_id": DROP,
            "http_method": DROP,
            "credentials": "Credentials",
            "request_parameters": verbatim("RequestParameters"),
            "request_templates": verbatim("RequestTemplates"),
        },
        into="http_method",
        owners=("AWS::ApiGateway::Method",),
        under="Integration",
        same=("rest_api_id:RestApiId", "resource_id:ResourceId", "http_method:HttpMethod"),
    ),
    "aws_api_gateway_authorizer": Kind(
        "AWS::ApiGateway::Authorizer",
        {"provider_arns": "ProviderARNs"},
        {"id": ""},
    ),
    "aws_api_gateway_deployment": Kind(
        "AWS::ApiGateway::Deployment",
        {"triggers": DROP, "variables": DROP},
        {
            "id": "",
            "execution_arn": f"{_API_ARN}:${{rest_api_id}}/${{stage_name}}",
            "invoke_url": _URL.format("rest_api_id", "stage_name"),
        },
    ),
    "aws_api_gateway_stage": Kind(
        "AWS::ApiGateway::Stage",
        {
            "access_log_settings": _LOGS,
            "xray_tracing_enabled": "TracingEnabled",
            "variables": verbatim("Variables"),
        },
        {
            "id": "",
            "stage_name": "",
            "execution_arn": f"{_API_ARN}:${{rest_api_id}}/${{stage_name}}",
            "invoke_url": _URL.format("rest_api_id", "stage_name"),
        },
    ),
    "aws_api_gateway_method_settings": Kind(
        "AWS::ApiGateway::StageMethodSettings",
        {"rest_api_id": DROP, "stage_name": DROP, "settings": one("Settings", _SETTINGS)},
        into="stage_name",
        owners=("AWS::ApiGateway::Stage",),
        same=("rest_api_id:RestApiId", "stage_name:StageName"),
        shape=_method_settings,
    ),
    "aws_api_gateway_usage_plan": Kind(
        "AWS::ApiGateway::UsagePlan",
        {
            "name": "UsagePlanName",
            "api_stages": many("ApiStages", {"stage": "Stage"}),
            "quota_settings": one("Quota"),
            "throttle_settings": one("Throttle"),
        },
        {"id": "", "name": "UsagePlanName"},
    ),
    "aws_api_gateway_api_key": Kind("AWS::ApiGateway::ApiKey", {}, {"id": ""}),
    "aws_api_gateway_model": Kind("AWS::ApiGateway::Model", {"schema": json("Schema")}, {"id": "", "name": ""}),
    "aws_api_gateway_request_validator": Kind("AWS::ApiGateway::RequestValidator", {}, {"id": ""}),
    "aws_api_gateway_vpc_link": Kind("AWS::ApiGateway::VpcLink", {}, {"id": ""}),
    "aws_apigatewayv2_api": Kind(
        "AWS::ApiGatewayV2::Api",
        {
            "cors_configuration": one("CorsConfiguration", {"max_age": "MaxAge"}),
            "body": Row("Body", definition),
        },
        {
            "id": "",
            "name": "Name",
            "execution_arn": _REST_ARN,
            "api_endpoint": "https://${Ref}.execute-api.${AWS::Region}.${AWS::URLSuffix}",
        },
    ),
    "aws_apigatewayv2_route": Kind(
        "AWS::ApiGatewayV2::Route",
        {"request_models": verbatim("RequestModels")},
        {"id": ""},
    ),
    "aws_apigatewayv2_integration": Kind(
        "AWS::ApiGatewayV2::Integration",
        {
            "request_parameters": verbatim("RequestParameters"),
            "credentials_arn": "CredentialsArn",
            "tls_config": one("TlsConfig"),
        },
        {"id": ""},
    ),
    "aws_apigatewayv2_authorizer": Kind(
        "AWS::ApiGatewayV2::Authorizer",
        {
            "identity_sources": "IdentitySource",
            "jwt_configuration": one("JwtConfiguration"),
            "authorizer_credentials_arn": "AuthorizerCredentialsArn",
        },
        {"id": ""},
    ),
    "aws_apigatewayv2_stage": Kind(
        "AWS::ApiGatewayV2::Stage",
        {
            "name": "StageName",
            "access_log_settings": Row("AccessLogSettings", _LOGS.convert),
            "default_route_settings": one("DefaultRouteSettings"),
            "route_settings": many("RouteSettings"),
            "stage_variables": verbatim("StageVariables"),
        },
        {
            "id": "",
            "name": "",
            "execution_arn": f"{_API_ARN}:${{api_id}}/${{name}}",
            "invoke_url": _URL.format("api_id", "name"),
        },
    ),
    "aws_apigatewayv2_deployment": Kind("AWS::ApiGatewayV2::Deployment", {"triggers": DROP}, {"id": ""}),
    "aws_apigatewayv2_vpc_link": Kind("AWS::ApiGatewayV2::VpcLink", {}, {"id": ""}),
    "aws_apigatewayv2_domain_name": Kind("AWS::ApiGatewayV2::DomainName", {}, {"id": ""}),
    "aws_apigatewayv2_api_mapping": Kind("AWS::ApiGatewayV2::ApiMapping", {}, {"id": ""}),
    "aws_appsync_graphql_api": Kind(
        "AWS::AppSync::GraphQLApi",
        {
            "schema": DROP,
            "lambda_authorizer_config": one("LambdaAuthorizerConfig"),
            "user_pool_config": one("UserPoolConfig"),
            "openid_connect_config": one("OpenIDConnectConfig"),
            "log_config": one("LogConfig"),
            "additional_authentication_provider": many("AdditionalAuthenticationProviders"),
        },
        {"id": "ApiId", "name": "Name"},
    ),
    "aws_appsync_datasource": Kind(
        "AWS::AppSync::DataSource",
        {
            "lambda_config": one("LambdaConfig", {"function_arn": "LambdaFunctionArn"}),
            "dynamodb_config": one("DynamoDBConfig"),
            "http_config": one("HttpConfig"),
            "event_bridge_config": one("EventBridgeConfig"),
        },
        {"name": "Name", "id": ""},
    ),
    "aws_appsync_resolver": Kind(
        "AWS::AppSync::Resolver",
        {
            "type": "TypeName",
            "field": "FieldName",
            "data_source": "DataSourceName",
            "request_template": "RequestMappingTemplate",
            "response_template": "ResponseMappingTemplate",
            "pipeline_config": one("PipelineConfig"),
            "runtime": one("Runtime"),
        },
        {"id": ""},
    ),
    "aws_appsync_api_key": Kind("AWS::AppSync::ApiKey", {}, {"key": "ApiKey", "id": ""}),
    "aws_cloudfront_distribution": Kind(
        "AWS::CloudFront::Distribution",
        {
            "default_cache_behavior": one("DefaultCacheBehavior", _BEHAVIOUR),
            "ordered_cache_behavior": many("CacheBehaviors", _BEHAVIOUR),
            "origin": many("Origins", {"domain_name": "DomainName", "origin_id": "Id"}),
        },
        {"id": "", "domain_name": "DomainName"},
        shape=_distribution,
    ),
}
