"""Who in a project uses what a program defines: its functions, its options, the file itself."""
