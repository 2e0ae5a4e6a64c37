"""The CloudFormation front end: templates in YAML and JSON.

`syntax` reads a template into nodes with places; `template` evaluates it, with its `parameters`, `conditions`
and `functions`; `sam` translates serverless resources; `stacks` links templates that belong together.
"""
