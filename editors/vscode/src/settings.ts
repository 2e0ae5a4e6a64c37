// From the editor's settings to the command that starts the server.

export interface Settings {
  enable: boolean;
  path: string;
  args: string[];
  severity: string | null;
}

export interface Command {
  command: string;
  args: string[];
}

const FOLDER = "${workspaceFolder}";

/** The command of the server; `folder` is the first folder of the workspace, if there is one. */
export function serverCommand(settings: Settings, folder: string | undefined): Command {
  const path = settings.path.trim() || "mlwa-lint";
  const severity = settings.severity ? ["--severity", settings.severity] : [];
  return {
    command: folder === undefined ? path : path.replaceAll(FOLDER, folder),
    args: ["server", ...severity, ...settings.args],
  };
}

/** What is said when the server cannot be started. */
export function startFailure(command: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (/ENOENT/.test(reason)) {
    return `mlwa-lint: there is no ${command}. Install it with: python -m pip install "mlwa-lint[server]"`;
  }
  return `mlwa-lint: the server did not start: ${reason}`;
}
