"""Python files and notebooks: calls of boto3 and of the SageMaker SDK, read without running them."""
