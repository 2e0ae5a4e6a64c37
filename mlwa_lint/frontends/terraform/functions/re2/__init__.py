"""Regular expressions as Terraform's RE2 understands them."""
