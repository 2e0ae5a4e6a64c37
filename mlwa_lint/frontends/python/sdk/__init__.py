"""The SageMaker Python SDK: which objects become which requests.

`table` names the classes and functions of both versions; `objects` keeps their arguments and defaults
(`signatures`), `parameters` names what these are in a request, and one module for each subject (`jobs`,
`hosting`, `monitors`, `pipeline` …) makes the requests.
"""
