"""Tables of Terraform's resource types, one module per topic; loaded when a type of theirs occurs."""
