// A session with a real server, started by the command that the extension starts it with.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import * as protocol from "vscode-languageserver-protocol/node";
import { serverCommand } from "../src/settings";
import { SUPPRESS } from "../src/suppressing";

const TEMPLATE = `Resources:
  Lab:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      RootAccess: Enabled
`;
const folder = realpathSync(mkdtempSync(join(tmpdir(), "mlwa-lint-")));
const uri = pathToFileURL(join(folder, "lab.yaml")).href;
let server: ChildProcess;
let connection: protocol.ProtocolConnection;
let waiting: ((found: protocol.PublishDiagnosticsParams) => void)[] = [];
const edits: protocol.WorkspaceEdit[] = [];

before(async () => {
  writeFileSync(join(folder, "lab.yaml"), TEMPLATE);
  const path = process.env.MLWA_LINT ?? "mlwa-lint";
  const { command, args } = serverCommand({ enable: true, path, args: [], severity: "medium" }, folder);
  server = spawn(command, args, { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  connection = protocol.createProtocolConnection(server.stdout!, server.stdin!);
  connection.onNotification(protocol.PublishDiagnosticsNotification.type, (found) => {
    const told = waiting;
    waiting = [];
    told.forEach((tell) => tell(found));
  });
  connection.onRequest(protocol.ApplyWorkspaceEditRequest.type, (params) => {
    edits.push(params.edit);
    return { applied: true };
  });
  connection.listen();
  await connection.sendRequest(protocol.InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: { workspace: { workspaceEdit: { documentChanges: true } } },
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "test" }],
  });
  await connection.sendNotification(protocol.InitializedNotification.type, {});
});

after(() => {
  connection.dispose();
  server.kill();
});

function published(): Promise<protocol.PublishDiagnosticsParams> {
  return new Promise((resolve) => waiting.push(resolve));
}

function codes(found: protocol.PublishDiagnosticsParams): unknown[] {
  return found.diagnostics.map((each) => each.code);
}

test("open, fix, suppress, close, shut down", { timeout: 120_000 }, async () => {
  let next = published();
  await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: "yaml", version: 1, text: TEMPLATE },
  });
  const opened = await next;
  assert.ok(codes(opened).includes("MLS402"));
  assert.ok(opened.diagnostics.every((each) => each.severity! <= 2), "only severe ones are asked for");

  const found = opened.diagnostics.find((each) => each.code === "MLS402")!;
  const actions = (await connection.sendRequest(protocol.CodeActionRequest.type, {
    textDocument: { uri },
    range: found.range,
    context: { diagnostics: [found] },
  })) as protocol.CodeAction[];
  const fix = actions.find((each) => each.edit !== undefined)!;
  const [change] = fix.edit!.documentChanges as protocol.TextDocumentEdit[];
  assert.equal(change.textDocument.version, 1);
  assert.deepEqual(change.edits.map((each) => (each as protocol.TextEdit).newText), ["Disabled"]);

  const suppress = actions.find((each) => each.command?.command === SUPPRESS)!;
  await connection.sendRequest(protocol.ExecuteCommandRequest.type, {
    command: SUPPRESS,
    arguments: [...suppress.command!.arguments!, "one user administers it"],
  });
  assert.match(JSON.stringify(edits), /mlwa: ignore\[MLS402\] -- one user administers it/);

  next = published();
  await connection.sendNotification(protocol.DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: (change.edits[0] as protocol.TextEdit).range, text: "Disabled" }],
  });
  assert.ok(!codes(await next).includes("MLS402"));

  next = published();
  await connection.sendNotification(protocol.DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  assert.deepEqual((await next).diagnostics, []);

  await connection.sendRequest(protocol.ShutdownRequest.type);
  const exited = new Promise((resolve) => server.once("exit", resolve));
  await connection.sendNotification(protocol.ExitNotification.type);
  assert.equal(await exited, 0);
});
