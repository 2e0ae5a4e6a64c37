"""What rules there are: the registry, the lens and the rules' examples."""
