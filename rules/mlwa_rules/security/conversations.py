"""Security of conversations with bots."""

from collections.abc import Iterator

from mlwa_lint.graph.kinds import LOG_GROUP
from mlwa_lint.graph.queries import keys
from mlwa_lint.rule import (
    Answer,
    Claim,
    EdgeKind,
    GraphView,
    Remedy,
    ResourceView,
    View,
    certainly,
    rule,
    some,
)

ALIAS = "AWS::Lex::BotAlias"
BOT = "AWS::Lex::Bot"
_SETTINGS = {ALIAS: "ConversationLogSettings", BOT: "TestBotAliasSettings.ConversationLogSettings"}


@rule(
    "MLS618",
    "conversation-logs-unencrypted",
    "medium",
    concern="protection",
    subject="key",
    practices=("MLSEC02-BP01",),
    on=(ALIAS, BOT),
    remedy=Remedy(
        "Set `KmsKeyArn` of the `S3Bucket` destination, and `KmsKeyId` of the log group.",
        "Set `kms_key_arn` of `s3_bucket` in `awscc_lex_bot_alias`, and `kms_key_id` of the log group.",
    ),
)
def conversation_logs_unencrypted(bot: ResourceView, graph: GraphView) -> Iterator[Claim]:
    """The conversation logs of a bot are not encrypted with a customer managed KMS key.

    They contain everything that users write and say, including names, addresses and card numbers; a customer
    managed KMS key lets you control who can read them and records every use in CloudTrail.

    Audio logs in S3 require a key in the bot's settings; text logs require a key of their log group, which is
    checked where the project declares it. In Terraform, the awscc provider has bot aliases. One finding names
    all logs of a bot.

    AWS encrypts them with a key of its own in any case. The severity is therefore low in a project that uses
    no customer managed key at all, and medium where other data has one: there, this one is a gap.

    Exceptions: Not reported for logs that are disabled.

    See [Logging conversations with conversation logs in Lex
    V2](https://docs.aws.amazon.com/lexv2/latest/dg/conversation-logs.html).
    """
    settings = bot[_SETTINGS[bot.type]]
    faults = [*_audio(settings), *_text(bot, settings, graph)]
    found = [(view, text) for holds, view, text in faults if certainly(holds)]
    message = f"{bot} keeps conversation logs without a customer managed key:"
    message += f" {', and '.join(dict.fromkeys(text for _, text in found))}"
    related = tuple((view, text) for view, text in found[1:])
    place = found[0][0] if found else settings
    unprotected = some(holds for holds, _, _ in faults)
    yield Claim(unprotected, place, message, related=related, milder=keys.why_none_in_use(graph))


def _audio(settings: View) -> Iterator[tuple[Answer, View, str]]:
    for each in settings["AudioLogSettings"].items():
        key = each["Destination.S3Bucket.KmsKeyArn"]
        yield each["Enabled"].is_true() & key.is_absent(), key, f"it sets no {key}"


def _text(bot: ResourceView, settings: View, graph: GraphView) -> Iterator[tuple[Answer, View, str]]:
    enabled = settings["TextLogSettings"].any_item(lambda each: each["Enabled"].is_true())
    for kind in (EdgeKind.WRITES, EdgeKind.READS):
        for group in graph.targets(bot, kind, LOG_GROUP):
            key = group["KmsKeyId"]
            yield enabled & key.is_absent(), key, f"{group} sets no {key}"
