"""Who in a project uses what a program defines: its functions, its options, the file itself.

`project` finds the files that mention a program, once for all programs; the other modules each answer one
question about it (who calls it, what commands give it, what deletes or depends on what it makes), and
`weighing` notes the results at its resources, for the weight of findings.
"""
