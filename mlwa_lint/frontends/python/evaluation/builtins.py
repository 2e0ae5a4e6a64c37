"""Names that Python itself gives."""

BUILTINS = frozenset(
    """
    Exception FileNotFoundError KeyError NotImplementedError RuntimeError TypeError ValueError __file__
    __name__ abs all any bool bytes callable chr classmethod dict dir display divmod enumerate exit
    filter float format frozenset getattr hasattr hash id input int isinstance issubclass iter len list locals
    map max min next object open ord pow print property quit range repr reversed round set setattr
    sorted staticmethod str sum super tuple type vars zip
    """.split()  # noqa: SIM905 - one name per line would be a page
)
