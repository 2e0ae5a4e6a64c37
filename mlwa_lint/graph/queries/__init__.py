"""Questions that several rules ask of the graph, each answered in one place.

hosting:    endpoints, their configurations, variants, models, alarms, autoscaling, monitors.
data:       buckets and their encryption, and which of them belong to machine learning.
identity:   execution roles, and what acts with them.
"""
