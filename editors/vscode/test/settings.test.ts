import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { serverCommand, startFailure, type Settings } from "../src/settings";
import { execute, SUPPRESS } from "../src/suppressing";

const DEFAULTS: Settings = { enable: true, path: "mlwa-lint", args: [], severity: null };
const manifest = JSON.parse(readFileSync("package.json", "utf8"));

test("the manifest's defaults are what the server is started with", () => {
  const properties = manifest.contributes.configuration.properties;
  for (const [name, value] of Object.entries(DEFAULTS)) {
    assert.deepEqual(properties[`mlwaLint.${name}`].default, value, name);
  }
  assert.deepEqual(serverCommand(DEFAULTS, undefined), { command: "mlwa-lint", args: ["server"] });
});

test("path, severity and further options", () => {
  const settings = { ...DEFAULTS, path: "${workspaceFolder}/.venv/bin/mlwa-lint", severity: "high", args: ["--lens", "generative-ai"] };
  assert.deepEqual(serverCommand(settings, "/project"), {
    command: "/project/.venv/bin/mlwa-lint",
    args: ["server", "--severity", "high", "--lens", "generative-ai"],
  });
  assert.equal(serverCommand({ ...DEFAULTS, path: " " }, undefined).command, "mlwa-lint");
});

test("a missing executable is said with what installs it", () => {
  assert.match(startFailure("mlwa-lint", new Error("spawn mlwa-lint ENOENT")), /pip install "mlwa-lint\[server\]"/);
  assert.match(startFailure("mlwa-lint", "broken"), /did not start: broken/);
});

test("code of a project runs in trusted workspaces only", () => {
  assert.equal(manifest.capabilities.untrustedWorkspaces.supported, false);
  assert.equal(manifest.contributes.configuration.properties["mlwaLint.path"].scope, "machine-overridable");
});

test("every language of the activation is one that the server looks at", () => {
  for (const language of ["yaml", "json", "terraform", "python"]) {
    assert.ok(manifest.activationEvents.includes(`onLanguage:${language}`), language);
  }
  assert.ok(manifest.activationEvents.includes("onNotebook:jupyter-notebook"));
});

test("a suppression is handed on with its reason, or not at all", async () => {
  const sent: unknown[][] = [];
  const next = (command: string, args: unknown[]) => sent.push([command, args]);
  const where = { uri: "file:///t.yaml", code: "MLS402" };
  await execute(SUPPRESS, [where], next, async (code) => ` why ${code} `);
  await execute(SUPPRESS, [where], next, async () => undefined);
  await execute(SUPPRESS, [where], next, async () => "  ");
  await execute("mlwa-lint.openPage", ["x"], next, async () => assert.fail("no dialog is expected"));
  assert.deepEqual(sent, [
    [SUPPRESS, [where, "why MLS402"]],
    ["mlwa-lint.openPage", ["x"]],
  ]);
});
