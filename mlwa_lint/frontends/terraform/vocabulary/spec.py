"""The form in which a table maps a Terraform resource type to the canonical vocabulary."""

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias, Union

from mlwa_lint.model.values import Entry, Plain, Value
from mlwa_lint.startup.records import NamedTuple

Converter: TypeAlias = Callable[[Value], Value]
Finisher: TypeAlias = Callable[[dict[str, Entry]], dict[str, Entry]]
ArgumentShape: TypeAlias = Literal["plain", "block", "one", "many"]
TagStyle: TypeAlias = Literal["list", "map", "none"]


class Field(NamedTuple):
    """What becomes of one argument or nested block.

    target:  the canonical property; a dotted path puts it deeper (`StreamEncryption.KeyId`), an empty
             one puts a block's content beside it; None leaves it out.
    shape:   a block that is a map there ("one") or a list of maps ("many"); "plain" leaves values and
             maps with the user's own keys as they are; "block" is "one" for blocks and "plain" for maps.
    fields:  exceptions within the block.
    convert: translates the value.
    """

    target: str | None
    shape: ArgumentShape = "plain"
    fields: Mapping[str, "FieldSpec"] = {}
    convert: Converter | None = None


FieldSpec: TypeAlias = Union[str, Field, None]


class Fold(NamedTuple):
    """A resource type that only states properties of another one.

    into:   the Terraform type that has them.
    keys:   argument here -> argument there that must be the same for the two to belong together.
    append: canonical properties whose lists grow by this resource's items.
    under:  the property that holds all that this resource states; itself if empty.
    item:   this resource is one item of the list `under`.
    usual:  a finding about the properties names this resource rather than an argument of the other
            (which is deprecated or does not exist).
    """

    into: str
    keys: Mapping[str, str]
    append: tuple[str, ...] = ()
    under: str = ""
    item: bool = False
    usual: bool = False


class Table(NamedTuple):
    """One Terraform resource type.

    type:     canonical type (for a fold: of the resource that it is folded into).
    fields:   arguments for which the mechanical rule (snake_case -> PascalCase) does not hold.
    tags:     how the canonical type writes `tags`.
    defaults: what Terraform's provider sets where nothing is stated, if that differs from what absence
              means in CloudFormation; by dotted canonical path.
    type_by:  an argument whose value selects the canonical type.
    finish:   a last touch on the translated properties.
    names:    how the user calls canonical properties that `fields` does not lead to, by dotted path.
    """

    type: str
    fields: Mapping[str, FieldSpec] = {}
    tags: TagStyle = "list"
    tag_property: str = "Tags"
    defaults: Mapping[str, Plain] = {}
    fold: Fold | None = None
    type_by: tuple[str, Mapping[str, str]] | None = None
    finish: Finisher | None = None
    names: Mapping[str, str] = {}


def one(target: str | None, fields: Mapping[str, FieldSpec] | None = None) -> Field:
    """A nested block that CloudFormation has as a map."""
    return Field(target, "one", fields or {})


def many(target: str | None, fields: Mapping[str, FieldSpec] | None = None) -> Field:
    """A nested block that CloudFormation has as a list of maps."""
    return Field(target, "many", fields or {})


def to(target: str, convert: Converter) -> Field:
    """An argument whose value is written differently."""
    return Field(target, "plain", {}, convert)


def pascal(name: str) -> str:
    """The mechanical rule: `kms_key_id` -> `KmsKeyId`."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def snake(name: str) -> str:
    """The way back, where it is mechanical: `KmsKeyId` -> `kms_key_id`, `RoleARN` -> `role_arn`."""
    pieces: list[str] = []
    for position, letter in enumerate(name):
        before = name[position - 1] if position else ""
        after = name[position + 1] if position + 1 < len(name) else ""
        starts = letter.isupper() and (before.islower() or before.isdigit() or (after.islower() and before))
        pieces.append("_" + letter.lower() if starts and position else letter.lower())
    return "".join(pieces)
