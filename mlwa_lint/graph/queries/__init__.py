"""Queries that several rules share, each answered in one place.

hosting:    endpoints, their configurations, variants, models, autoscaling, monitors.
deployment: deployment strategies: how traffic is divided, and how an update reaches an endpoint.
alarms:     what alarms watch, and whether anyone is notified.
data:       buckets and their encryption, and which of them belong to machine learning.
apis:       ways in to inference by API Gateway and function URLs; `openapi` reads documents of APIs.
identity:   execution roles, and what acts with them.
"""
