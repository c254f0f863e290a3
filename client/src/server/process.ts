import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import type { Command } from "../interpreter/command.ts";

/** How long a server that was told to exit may take. */
const PATIENCE = 2_000;

/** The command line that starts the language server in `folder`, the extension's bundled/. */
export function serverCommand([program, ...args]: Command, launcher: string): Command {
  // UTF-8 whatever the machine's locale: the server reads the user's other modules.
  return [program, ...args, "-X", "utf8", launcher, "lsp"];
}

/** Resolves once the program runs; what it cannot be started for is the rejection. */
export function start([program, ...args]: Command, folder: string): Promise<ChildProcessWithoutNullStreams> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, windowsHide: true });
    child.once("error", reject);
    child.once("spawn", () => {
      resolve(child);
    });
  });
}

/** Waits for the end of a program that should be ending, and brings it about if it is not. */
export async function end(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => {
      resolve();
    });
  });
  child.stdin.end();
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  await gone;
  clearTimeout(timer);
}
