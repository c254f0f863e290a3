import { accessSync, constants, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Command } from "./command.ts";

export interface Machine {
  readonly platform: NodeJS.Platform;
  /** The PATH variable. */
  readonly path: string;
  readonly isProgram: (file: string) => boolean;
}

/** So many that a broken first hit is no dead end, so few that trying all takes no time. */
const MOST = 6;

/**
 * Every `python3`, then every `python` on PATH. They are looked up here, not left to the operating
 * system, because Windows would look into the current folder first, and a relative entry of PATH
 * does so anywhere: a workspace could bring its own `python`.
 */
export function pythonsOnPath({ platform, path, isProgram }: Machine): Command[] {
  const windows = platform === "win32";
  const folders = path.split(windows ? ";" : ":").filter((folder) => isAbsolute(folder));
  const names = windows ? ["python3.exe", "python.exe", "py.exe"] : ["python3", "python"];
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...new Set(files)]
    .filter((file) => isProgram(file))
    .slice(0, MOST)
    .map((file): Command => (file.endsWith("py.exe") ? [file, "-3"] : [file]));
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
