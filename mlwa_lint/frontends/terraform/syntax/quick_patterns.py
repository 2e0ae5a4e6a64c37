"""The regular expressions of the quick reader of HCL; what few files need is compiled when first used."""

import re

from mlwa_lint.startup.patterns import lazy

_NAME = r"(?>[A-Za-z_][A-Za-z0-9_-]*)"
_TEXT = r'"([^"\\$%\n]*)"'
_NUMBER = r"(?>[0-9]+(?:\.[0-9]+)?)"
# Nothing of a comment is given back: an operator in one does not count.
_SKIPPED = r"(?>(?:[ \t\n]+|(?:\#|//)[^\n]*|/\*(?>(?:[^*]+|\*(?!/))*)\*/)*)"
_BEFORE_END = r"[ \t]*(?=\n|\#|//|\})"
CONTROL = re.compile(r"[^\t\n\x20-\x7e]")
SKIP = re.compile(_SKIPPED)
# The end of a block; an argument with the simple value that most have, or any other; or a block's header.
STATEMENT = re.compile(
    rf"{_SKIPPED}(?:(\}})|({_NAME})[ \t]*(?:"
    rf"=(?![=>])[ \t]*(?:(?:{_TEXT}|({_NAME}(?:\.{_NAME})*)|({_NUMBER})){_BEFORE_END})?"
    rf'|((?:(?:"[^"\\$%\n]*"|{_NAME})[ \t]*)*)\{{))'
)
CLOSE, ARGUMENT, STRING, PATH, DIGITS, HEADER = range(1, 7)
LABEL = lazy(rf'"([^"\\$%\n]*)"|({_NAME})')
END = re.compile(rf"{_BEFORE_END}|[ \t]*(?=/\*)")
OPERAND = re.compile(
    rf"{_SKIPPED}(?:{_TEXT}|({_NAME}(?:\.{_NAME})*)(\()?|({_NUMBER})(?![\w.])|(<<-?|[\[{{(\"!-]))"
)
OPERATOR = re.compile(rf"{_SKIPPED}(\|\||&&|==|!=|<=|>=|[<>+*/%?-])")
POSTFIX = lazy(rf"\.({_NAME})|(\[\*\]|\.\*)|(\[)")
ITEM_END = lazy(rf"{_SKIPPED}(,|\.\.\.|[\])}}])")
ELEMENT_END = lazy(r"[ \t]*(,|\}|(?=\n|\#|//))")
KEY = lazy(rf"{_SKIPPED}(?:({_NAME})|{_TEXT})[ \t]*[=:](?![=>:])")
ASSIGNED = lazy(r"[ \t]*[=:](?![=>:])")
CLOSES = lazy(rf"{_SKIPPED}([\])}}:])")
FOR = lazy(rf"{_SKIPPED}for[ \t\n]")
INTRO = lazy(rf"{_SKIPPED}for[ \t\n]+({_NAME})(?:[ \t]*,[ \t]*({_NAME}))?[ \t\n]+in(?=[ \t\n])")
ARROW = lazy(rf"{_SKIPPED}=>")
ELLIPSIS = lazy(rf"{_SKIPPED}\.\.\.")
IF = lazy(rf"{_SKIPPED}if(?=[ \t\n(!])")
_ESCAPES = r'\\(?:[nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})'
QUOTED = lazy(rf'(?>(?:[^"\\$%\n]+|{_ESCAPES}|\$(?![{{$])|%(?![{{%]))+)')
BARE = lazy(r"(?>(?:[^$%]+|\$(?![{$])|%(?![{%]))+)")
HEREDOC = lazy(r"([A-Za-z_]\w*)\n", re.ASCII)
