import { join } from "node:path";

/** A program and the arguments that come before ours, such as `["py", "-3.12"]`. */
export type Command = readonly [program: string, ...args: string[]];

export interface Variables {
  readonly home: string;
  readonly workspaceFolder: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The setting `shapelens.interpreter`: a path, or a program with arguments; empty when unset. */
export function commandFromSetting(value: unknown, variables: Variables): Command | undefined {
  const words = (Array.isArray(value) ? value : [value]).filter(
    (word): word is string => typeof word === "string" && word.trim() !== "",
  );
  const [program, ...args] = words.map((word) => expand(word.trim(), variables));
  return program === undefined ? undefined : [program, ...args];
}

function expand(word: string, { home, workspaceFolder, environment }: Variables): string {
  const path = /^~(?=$|[\\/])/.test(word) ? join(home, word.slice(1)) : word;
  return path
    .replaceAll("${userHome}", home)
    .replaceAll(/\$\{env:(\w+)\}/g, (_whole, name: string) => environment[name] ?? "")
    .replaceAll("${workspaceFolder}", (whole) => workspaceFolder ?? whole);
}
