import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import type { Command } from "./command.ts";

export interface Interpreter {
  readonly command: Command;
  readonly executable: string;
  readonly version: string;
  readonly numpy: string;
  readonly keras: string | undefined;
}

export type Verdict =
  | { readonly usable: true; readonly interpreter: Interpreter }
  | { readonly usable: false; readonly reason: string };

/** A cold start of Python on a busy machine takes seconds. */
const TIME_LIMIT = 15_000;

/** Starts the interpreter with bundled/probe.py and judges what it says. */
export async function probe(command: Command, script: string): Promise<Verdict> {
  const [program, ...args] = command;
  try {
    const { stdout } = await promisify(execFile)(program, [...args, script], {
      // The script's folder is ours; in the workspace Python might import the user's files.
      cwd: dirname(script),
      timeout: TIME_LIMIT,
      windowsHide: true,
    });
    return judge(command, JSON.parse(stdout));
  } catch (error) {
    return { usable: false, reason: `does not start: ${firstLine(error)}` };
  }
}

/** `answer` is what bundled/probe.py prints. */
export function judge(command: Command, answer: unknown): Verdict {
  const { executable, version, numpy, keras } = (answer ?? {}) as Record<string, unknown>;
  if (typeof executable !== "string" || !isVersion(version)) {
    return { usable: false, reason: "does not answer like a Python" };
  }
  const [major, minor] = version;
  const spelled = version.join(".");
  if (major !== 3 || minor < 10) {
    return { usable: false, reason: `is Python ${spelled}; 3.10 or later is needed` };
  }
  if (typeof numpy !== "string") {
    return { usable: false, reason: `is Python ${spelled} without numpy` };
  }
  return {
    usable: true,
    interpreter: {
      command,
      executable,
      version: spelled,
      numpy,
      keras: typeof keras === "string" ? keras : undefined,
    },
  };
}

function isVersion(value: unknown): value is [number, number, number] {
  return Array.isArray(value) && value.length === 3 && value.every((part) => typeof part === "number");
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1)[0] ?? message;
}
