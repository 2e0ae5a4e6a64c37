"""What every stage speaks of: values, answers, conditions, resources, places in source text."""
