"""Which findings are reported: policy, suppressions and baseline.

`apply` puts the steps in their order: `policy` selects rules and severities, `suppressions` hides what the
sources suppress, `baseline` what is accepted, and `grouping` makes one finding of equal ones. The `result` is
what reporters take.
"""
