import type { Command } from "./command.ts";
import type { Interpreter, Verdict } from "./probe.ts";

/** A place that may know interpreters. It is asked only when those before it had none to use. */
export interface Source {
  readonly name: string;
  /** The user named it: if it fails, saying so is better than taking another. */
  readonly binding: boolean;
  readonly commands: () => Promise<readonly Command[]>;
}

export interface Rejection {
  readonly source: string;
  readonly command: Command;
  readonly reason: string;
}

export interface Choice {
  readonly interpreter: Interpreter | undefined;
  readonly source: string | undefined;
  readonly rejected: readonly Rejection[];
}

export async function chooseInterpreter(
  sources: readonly Source[],
  probe: (command: Command) => Promise<Verdict>,
): Promise<Choice> {
  const rejected: Rejection[] = [];
  for (const source of sources) {
    const commands = await source.commands();
    for (const command of commands) {
      const verdict = await probe(command);
      if (verdict.usable) {
        return { interpreter: verdict.interpreter, source: source.name, rejected };
      }
      rejected.push({ source: source.name, command, reason: verdict.reason });
    }
    if (source.binding && commands.length > 0) break;
  }
  return { interpreter: undefined, source: undefined, rejected };
}

/** One sentence for a person, when nothing could be used. */
export function explainNone({ rejected }: Choice): string {
  const need = "ShapeLens needs Python 3.10 or later with numpy";
  const [first, ...others] = rejected;
  if (first === undefined) return `${need}; no Python was found.`;
  const named = `${first.command.join(" ")} (${first.source}) ${first.reason}`;
  if (others.length === 0) return `${need}: ${named}.`;
  return `${need}: ${named}, and ${others.length} more could not be used.`;
}

/** Restarting is worth it only if this differs. */
export function identity({ command, executable, version }: Interpreter): string {
  return JSON.stringify([command, executable, version]);
}
