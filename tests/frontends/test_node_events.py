"""Whether the handler of a program for Node.js lets Lambda know that an event failed."""

import pytest

from mlwa_lint.frontends.node_events import catches_everything

TRIED = "try { await client.send(command); } catch (error) { console.error('failed: {', error); }"
LOOP = f"for (const record of event.Records) {{ {TRIED} }}"


@pytest.mark.parametrize(
    "text",
    [
        f"exports.handler = async (event) => {{ {TRIED} }};",
        f"export const handler: S3Handler = async (event: S3Event): Promise<void> => {{ a(); {TRIED} }};",
        f"export async function handler(event) {{ {LOOP} }}",
        f"async function handler(event) {{ {LOOP} }}\nmodule.exports = {{ handler }};",
        f"exports.handler = async function (event) {{ {TRIED} finally {{ log.flush(); }} }};",
        f"exports.handler = async (e) => {{ await Promise.all(e.all.map(async (r) => {{ {TRIED} }})); }};",
        "exports.handler = async (event) => { try { throw new Error('x'); } catch { return null; } };",
    ],
)
def test_handlers_that_catch_everything(text: str) -> None:
    assert catches_everything(text, "handler")


@pytest.mark.parametrize(
    "text",
    [
        "exports.handler = async (event) => { await client.send(command); };",
        f"exports.handler = async (event) => {{ await client.send(command); {TRIED} }};",
        f"exports.handler = async (event) => {{ {TRIED} await client.send(command); }};",
        f"exports.handler = async (event) => {{ {TRIED.replace('console', 'throw error; console')} }};",
        f"exports.handler = (event, _, callback) => {{ {TRIED.replace('console', 'callback(e); a')} }};",
        "exports.handler = async (event) => { try { await work(); } finally { log.flush(); } };",
        f"exports.handler = async (event) => {{ {TRIED} finally {{ await client.send(command); }} }};",
        f"exports.other = async (event) => {{ {TRIED} }};",
        f"exports.handler = async (event) => {{ {TRIED}",
        f"exports.handler = wrap(async (event) => {{ {TRIED} }});",
        "exports.handler = async (event) => { client.send(command).then(done); /* catch */ };",
    ],
)
def test_handlers_that_may_fail(text: str) -> None:
    assert not catches_everything(text, "handler")


def test_a_hostile_text_ends_soon() -> None:
    assert not catches_everything(
        "exports.handler = async (event) => {" + "try {" * 20_000 + "catch", "handler"
    )
    assert not catches_everything("const handler: " + "a" * 100_000 + " catch", "handler")
