"""How far a Python file is followed: what goes beyond is unknown, with the limit as its reason."""

# Files larger than this are not read: no program that people write is.
SOURCE_LIMIT = 5_000_000
# Notebooks contain their output, which is not read.
NOTEBOOK_LIMIT = 50_000_000
# How many expressions and statements are evaluated for one target, its imported modules included.
STEPS_LIMIT = 1_000_000
# How deep expressions, statements and calls may be nested in one another, all together.
DEPTH_LIMIT = 110
# How deep functions are followed into one another.
CALLS_LIMIT = 12
# How often one function is followed into itself, as long as no open condition decides on it.
RECURSION_LIMIT = 6
# How many classes one may inherit from.
BASES_LIMIT = 100
# What a branch or a call costs, in steps: what it changed is taken back and merged.
BRANCH_STEPS = 10
# What a value costs that is handed to a call: parts that several share are copied for each.
COPY_STEPS = 4
# Loops and comprehensions over so many known values are followed one by one; longer ones in one pass.
TURNS_LIMIT = 64
# A list, map or text may grow so large.
ITEMS_LIMIT = 10_000
# So many items of a list are gone through in a step.
ITEMS_A_STEP = 16
TEXT_LIMIT = 200_000
# How many of the project's own modules are read for one target.
MODULES_LIMIT = 50
# How many combinations of answers are kept with which a program ends before it creates anything.
REFUSALS_LIMIT = 64
EXCLUSIONS_LIMIT = 256
RESOURCES_LIMIT = 2_000
# How many notebooks beside one are searched for calls that delete its endpoints.
SERIES_LIMIT = 40
# A configuration file that is opened by name may be so large.
DATA_LIMIT = 1_000_000
# Characters of a file of JSON or YAML, of whose values the lines are found.
PLACES_LIMIT = 200_000
# How far the program of a function is followed, how many calls of services are noted of it, and how many
# modules may be deployed with it for all of its calls to count as known.
HANDLER_STEPS_LIMIT = 100_000
HANDLER_CALLS_LIMIT = 200
HANDLER_FILES_LIMIT = 60
# How many functions of one project are evaluated.
HANDLERS_LIMIT = 200
