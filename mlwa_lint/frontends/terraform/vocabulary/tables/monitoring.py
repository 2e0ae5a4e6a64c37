"""CloudWatch, logs, CloudTrail, budgets, Application Auto Scaling."""

from mlwa_lint.frontends.terraform.vocabulary.converters import dimension_list, dimension_values, subscribers
from mlwa_lint.frontends.terraform.vocabulary.spec import FieldSpec, Fold, Table, many, one, to

_DIMENSIONS = to("Dimensions", dimension_list)
_METRIC: dict[str, FieldSpec] = {
    "dimensions": _DIMENSIONS,
    "metric_name": "Metric.MetricName",
    "namespace": "Metric.Namespace",
}
_LISTED_DIMENSIONS: dict[str, FieldSpec] = {"dimensions": many("Dimensions")}

TABLES = {
    "aws_cloudwatch_metric_alarm": Table(
        "AWS::CloudWatch::Alarm",
        {
            "dimensions": _DIMENSIONS,
            "ok_actions": "OKActions",
            "evaluate_low_sample_count_percentiles": "EvaluateLowSampleCountPercentile",
            "evaluation_criteria": one("EvaluationCriteria", {"promql_criteria": "PromQLCriteria"}),
            "metric_query": many(
                "Metrics",
                {
                    "metric": one(
                        "MetricStat",
                        {**_METRIC, "dimensions": to("Metric.Dimensions", dimension_list)},
                    )
                },
            ),
        },
    ),
    "aws_cloudwatch_composite_alarm": Table(
        "AWS::CloudWatch::CompositeAlarm",
        {
            "ok_actions": "OKActions",
            "actions_suppressor": one(
                "",
                {
                    "alarm": "ActionsSuppressor",
                    "extension_period": "ActionsSuppressorExtensionPeriod",
                    "wait_period": "ActionsSuppressorWaitPeriod",
                },
            ),
        },
    ),
    "aws_cloudwatch_dashboard": Table("AWS::CloudWatch::Dashboard", tags="none"),
    "aws_cloudwatch_log_group": Table(
        "AWS::Logs::LogGroup", {"name": "LogGroupName", "name_prefix": None, "skip_destroy": None}
    ),
    "aws_cloudwatch_log_metric_filter": Table(
        "AWS::Logs::MetricFilter",
        {
            "name": "FilterName",
            "pattern": "FilterPattern",
            "metric_transformation": many(
                "MetricTransformations",
                {
                    "name": "MetricName",
                    "namespace": "MetricNamespace",
                    "value": "MetricValue",
                    "dimensions": to("Dimensions", dimension_values),
                },
            ),
        },
        tags="none",
    ),
    "aws_cloudtrail": Table(
        "AWS::CloudTrail::Trail",
        {
            "name": "TrailName",
            "cloud_watch_logs_group_arn": "CloudWatchLogsLogGroupArn",
            "enable_logging": "IsLogging",
            "kms_key_id": "KMSKeyId",
            "event_selector": many("EventSelectors", {"data_resource": many("DataResources")}),
            "advanced_event_selector": many(
                "AdvancedEventSelectors", {"field_selector": many("FieldSelectors")}
            ),
            "insight_selector": many("InsightSelectors"),
        },
        defaults={"IsLogging": True},
    ),
    "aws_budgets_budget": Table(
        "AWS::Budgets::Budget",
        {
            "name": "Budget.BudgetName",
            "name_prefix": None,
            "account_id": None,
            "auto_adjust_data": None,
            "billing_view_arn": None,
            "budget_type": "Budget.BudgetType",
            "cost_filter": None,
            "cost_types": None,
            "filter_expression": None,
            "metrics": None,
            "planned_limit": None,
            "limit_amount": "Budget.BudgetLimit.Amount",
            "limit_unit": "Budget.BudgetLimit.Unit",
            "time_period_start": "Budget.TimePeriod.Start",
            "time_period_end": "Budget.TimePeriod.End",
            "time_unit": "Budget.TimeUnit",
            "notification": many(
                "NotificationsWithSubscribers",
                {
                    "comparison_operator": "Notification.ComparisonOperator",
                    "notification_type": "Notification.NotificationType",
                    "threshold": "Notification.Threshold",
                    "threshold_type": "Notification.ThresholdType",
                    "subscriber_email_addresses": to("Subscribers", subscribers("EMAIL")),
                    "subscriber_sns_topic_arns": to("Subscribers", subscribers("SNS")),
                },
            ),
        },
        tag_property="ResourceTags",
    ),
    "aws_appautoscaling_target": Table(
        "AWS::ApplicationAutoScaling::ScalableTarget", {"role_arn": "RoleARN"}
    ),
    "aws_appautoscaling_policy": Table(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        {
            "name": "PolicyName",
            "predictive_scaling_policy_configuration": one(
                "PredictiveScalingPolicyConfiguration",
                {"metric_specification": many("MetricSpecifications")},
            ),
            "step_scaling_policy_configuration": one(
                "StepScalingPolicyConfiguration", {"step_adjustment": many("StepAdjustments")}
            ),
            "target_tracking_scaling_policy_configuration": one(
                "TargetTrackingScalingPolicyConfiguration",
                {
                    "customized_metric_specification": one(
                        "CustomizedMetricSpecification",
                        {
                            **_LISTED_DIMENSIONS,
                            "metrics": many(
                                "Metrics",
                                {
                                    "metric_stat": one(
                                        "MetricStat", {"metric": one("Metric", _LISTED_DIMENSIONS)}
                                    )
                                },
                            ),
                        },
                    )
                },
            ),
        },
        tags="none",
    ),
    "aws_appautoscaling_scheduled_action": Table(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        {"name": "ScheduledActionName", "service_namespace": None, "scalable_dimension": None},
        fold=Fold(
            "aws_appautoscaling_target",
            {"resource_id": "resource_id"},
            append=("ScheduledActions",),
            under="ScheduledActions",
            item=True,
            usual=True,
        ),
    ),
}
