// A suppression needs a reason: the editor asks for it before the server writes it.

export const SUPPRESS = "mlwa-lint.suppress";

type Ask = (code: string) => Thenable<string | undefined>;
type Next = (command: string, args: unknown[]) => unknown;

/** Hands a command to the server: that of a suppression with the reason that the user gives, or not at all. */
export async function execute(command: string, args: unknown[], next: Next, ask: Ask): Promise<unknown> {
  if (command !== SUPPRESS || args.length !== 1) {
    return next(command, args);
  }
  const [where] = args;
  const code = typeof where === "object" && where !== null && "code" in where ? String(where.code) : "it";
  const reason = (await ask(code))?.trim();
  return reason ? next(command, [where, reason]) : undefined;
}
