"""The Terraform front end: root modules in HCL and JSON, plans."""
