"""Runs rules over a graph in every world, and merges their claims into findings.

    check.py:  for each rule, for each resource of its types that is in `scope`
    graph.worlds.explore:  run the rule once for each combination of conditions that it reads
    merge.py:  the claims of all worlds → one defect for each place, with its `cases` and its `weighing`
    findings.py:  a defect → a finding, in the user's language

`recall` and `moves` keep results from one keystroke to the next; `guard` confines rules that fail or do not
end.
"""
