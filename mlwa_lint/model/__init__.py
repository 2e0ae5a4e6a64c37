"""What every stage uses: values, answers, conditions, resources, places in source text."""
