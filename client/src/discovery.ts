import { homedir } from "node:os";
import { type LogOutputChannel, workspace } from "vscode";
import { type Choice, chooseInterpreter, type Source } from "./interpreter/choose.ts";
import { commandFromSetting } from "./interpreter/command.ts";
import { probe } from "./interpreter/probe.ts";
import { isProgram, pythonsOnPath } from "./interpreter/searchPath.ts";
import type { PythonExtension } from "./pythonExtension.ts";
import { SECTION } from "./section.ts";

/** Finds the Python that runs the server, and whose Keras answers. */
export async function discover(
  pythonExtension: PythonExtension,
  probeScript: string,
  log: LogOutputChannel,
): Promise<Choice> {
  const choice = await chooseInterpreter(sources(pythonExtension), (command) => probe(command, probeScript));
  for (const { source, command, reason } of choice.rejected) {
    log.warn(`Not used: ${command.join(" ")} (${source}) ${reason}`);
  }
  if (choice.interpreter !== undefined) {
    log.info(`Interpreter (${String(choice.source)}): ${JSON.stringify(choice.interpreter)}`);
  }
  return choice;
}

function sources(pythonExtension: PythonExtension): Source[] {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const setting: Source = {
    name: `setting ${SECTION}.interpreter`,
    binding: true,
    commands: () => {
      const command = commandFromSetting(workspace.getConfiguration(SECTION, folder).get("interpreter"), {
        home: homedir(),
        workspaceFolder: folder?.fsPath,
        environment: process.env,
      });
      return Promise.resolve(command === undefined ? [] : [command]);
    },
  };
  const active: Source = {
    name: "active environment",
    binding: false,
    commands: async () => {
      // The active environment may be one that the workspace brought along: to start it would be
      // to run the workspace's code.
      if (!workspace.isTrusted) return [];
      const command = await pythonExtension.activeInterpreter(folder);
      return command === undefined ? [] : [command];
    },
  };
  const path: Source = {
    name: "PATH",
    binding: false,
    commands: () =>
      Promise.resolve(
        pythonsOnPath({ platform: process.platform, path: process.env.PATH ?? "", isProgram }),
      ),
  };
  return [setting, active, path];
}
