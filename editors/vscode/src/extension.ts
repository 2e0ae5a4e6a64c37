// Starts the language server, and starts it again when its settings change.

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";
import { serverCommand, startFailure, type Settings } from "./settings";
import { execute } from "./suppressing";

const SECTION = "mlwaLint";
const FILES = "**/*.{yaml,yml,json,template,tf,tofu,py,ipynb}";

let client: LanguageClient | undefined;
let starting: Promise<void> = Promise.resolve();
let output: vscode.OutputChannel | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("mlwa-lint");
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("mlwaLint.restart", () => restart()),
    vscode.commands.registerCommand("mlwaLint.showOutput", () => output?.show()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      const named = ["enable", "path", "args", "severity"].map((name) => `${SECTION}.${name}`);
      if (named.some((name) => event.affectsConfiguration(name))) {
        void restart();
      }
    }),
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  await starting;
  await stop();
}

/** Stops the server and starts it with the settings as they are now, one restart after the other. */
export function restart(): Promise<void> {
  starting = starting.then(stop).then(start);
  return starting;
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  try {
    await running?.stop();
  } catch {
    // It had not started, or has gone already.
  }
}

async function start(): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SECTION) as unknown as Settings;
  if (!settings.enable) {
    return;
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const { command, args } = serverCommand(settings, folder);
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file", pattern: FILES }],
    outputChannel: output,
    middleware: {
      executeCommand: (name, given, next) => execute(name, given, next, askForReason),
    },
  };
  client = new LanguageClient(SECTION, "mlwa-lint", { command, args, options: { cwd: folder } }, options);
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const chosen = await vscode.window.showErrorMessage(startFailure(command, error), "Open settings");
    if (chosen !== undefined) {
      await vscode.commands.executeCommand("workbench.action.openSettings", `${SECTION}.path`);
    }
  }
}

function askForReason(code: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    prompt: `Why is ${code} suppressed here?`,
    placeHolder: "the lab's only user administers it",
    validateInput: (text) => (text.trim() ? undefined : "A suppression needs a reason."),
  });
}
