automatic = "from tfvars"
