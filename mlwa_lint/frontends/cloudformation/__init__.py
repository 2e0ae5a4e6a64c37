"""The CloudFormation front end: templates in YAML and JSON."""
