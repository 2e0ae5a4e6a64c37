"""Assumptions that mean more than a default of the program's own."""

# A setting that the program leaves out can come from a file that the SageMaker SDK reads: what rests on
# there being none weighs one severity less.
SDK_DEFAULTS = "no SageMaker defaults file sets it"
# Why such a finding weighs less.
MAY_BE_SET = "a SageMaker defaults file may set it"
