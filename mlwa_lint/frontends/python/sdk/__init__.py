"""The SageMaker Python SDK: which objects become which requests."""
