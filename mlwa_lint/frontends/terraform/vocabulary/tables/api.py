"""API Gateway, WAF."""

from mlwa_lint.frontends.terraform.vocabulary.converters import description, document, keyed
from mlwa_lint.frontends.terraform.vocabulary.spec import Field, Fold, Table, many, one, to

_SAME_METHOD = {
    "resource_id": "resource_id",
    "http_method": "http_method",
    "rest_api_id": "rest_api_id",
}

TABLES = {
    "aws_api_gateway_rest_api": Table(
        "AWS::ApiGateway::RestApi",
        {
            "api_key_source": "ApiKeySourceType",
            "put_rest_api_mode": "Mode",
            "body": to("Body", description),
            "policy": to("Policy", document),
        },
    ),
    "aws_api_gateway_rest_api_policy": Table(
        "AWS::ApiGateway::RestApi",
        {"policy": to("Policy", document)},
        fold=Fold("aws_api_gateway_rest_api", {"rest_api_id": "id"}),
    ),
    "aws_api_gateway_resource": Table("AWS::ApiGateway::Resource", tags="none"),
    "aws_api_gateway_method": Table(
        "AWS::ApiGateway::Method", {"authorization": "AuthorizationType"}, tags="none"
    ),
    "aws_api_gateway_integration": Table(
        "AWS::ApiGateway::Method",
        {
            "integration_http_method": "IntegrationHttpMethod",
            "timeout_milliseconds": "TimeoutInMillis",
            "tls_config": None,
        },
        fold=Fold("aws_api_gateway_method", _SAME_METHOD, under="Integration", usual=True),
    ),
    "aws_api_gateway_deployment": Table(
        "AWS::ApiGateway::Deployment", {"triggers": None, "variables": None}, tags="none"
    ),
    "aws_api_gateway_stage": Table(
        "AWS::ApiGateway::Stage",
        {
            "access_log_settings": "AccessLogSetting",
            "canary_settings": one("CanarySetting", {"stage_variable_overrides": "StageVariableOverrides"}),
            "xray_tracing_enabled": "TracingEnabled",
        },
    ),
    "aws_api_gateway_method_settings": Table(
        "AWS::ApiGateway::Stage",
        {
            "method_path": "ResourcePath",
            "settings": Field(
                "",
                "one",
                {
                    "require_authorization_for_cache_control": None,
                    "unauthorized_cache_control_header_strategy": None,
                },
            ),
        },
        fold=Fold(
            "aws_api_gateway_stage",
            {"stage_name": "stage_name", "rest_api_id": "rest_api_id"},
            append=("MethodSettings",),
            under="MethodSettings",
            item=True,
            usual=True,
        ),
    ),
    "aws_api_gateway_usage_plan": Table(
        "AWS::ApiGateway::UsagePlan",
        {
            "name": "UsagePlanName",
            "product_code": None,
            "api_stages": many("ApiStages", {"throttle": Field("Throttle", "many", {}, keyed("Path"))}),
            "quota_settings": "Quota",
            "throttle_settings": "Throttle",
        },
    ),
    "aws_api_gateway_usage_plan_key": Table("AWS::ApiGateway::UsagePlanKey", tags="none"),
    "aws_api_gateway_api_key": Table("AWS::ApiGateway::ApiKey"),
    "aws_api_gateway_authorizer": Table(
        "AWS::ApiGateway::Authorizer", {"provider_arns": "ProviderARNs"}, tags="none"
    ),
    "aws_apigatewayv2_api": Table("AWS::ApiGatewayV2::Api", {"body": to("Body", description)}, tags="map"),
    "aws_apigatewayv2_route": Table(
        "AWS::ApiGatewayV2::Route",
        {"request_parameter": None},
        tags="none",
    ),
    "aws_apigatewayv2_integration": Table(
        "AWS::ApiGatewayV2::Integration",
        {"response_parameters": None, "timeout_milliseconds": "TimeoutInMillis"},
        tags="none",
    ),
    "aws_apigatewayv2_stage": Table(
        "AWS::ApiGatewayV2::Stage",
        {
            "name": "StageName",
            "route_settings": Field("RouteSettings", "many", {}, keyed("RouteKey")),
        },
        tags="map",
    ),
    "aws_apigatewayv2_authorizer": Table(
        "AWS::ApiGatewayV2::Authorizer", {"identity_sources": "IdentitySource"}, tags="none"
    ),
    "aws_wafv2_web_acl": Table(
        "AWS::WAFv2::WebACL",
        {
            "name_prefix": None,
            "custom_response_body": None,
            "association_config": None,
            "data_protection_config": None,
            "default_action": None,
            "rule": None,
            "rule_json": None,
            "visibility_config": one(
                "VisibilityConfig", {"cloudwatch_metrics_enabled": "CloudWatchMetricsEnabled"}
            ),
        },
    ),
    "aws_wafv2_web_acl_association": Table(
        "AWS::WAFv2::WebACLAssociation", {"web_acl_arn": "WebACLArn"}, tags="none"
    ),
}
