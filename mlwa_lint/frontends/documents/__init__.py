"""Workloads inside documents: Step Functions state machines and SageMaker Pipelines."""

from mlwa_lint.frontends.documents.expand import expand

__all__ = ["expand"]
