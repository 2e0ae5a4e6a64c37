"""Python files and notebooks: calls of boto3 and of the SageMaker SDK, read without running them.

`project` is the entry: `syntax` parses a file, `evaluation` follows it step by step, and calls of `boto3` and
the `sdk` become resources in a `ledger`; `uses` then looks at the rest of the repository for what calls,
deletes or depends on them.
"""
