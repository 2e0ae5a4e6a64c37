"""What every stage uses: values, answers, conditions, resources, places in source text.

`values` is the centre: what is known of a property before deployment, with the reason where it is not known.
`answers` are three-valued, `conditions` decide what can hold together, and `weights` what a finding weighs.
"""
