import { commands, type ExtensionContext, languages, window, workspace } from "vscode";
import { Channels } from "./channels.ts";
import type { Disposable } from "./disposable.ts";
import { PythonExtension } from "./pythonExtension.ts";
import { SECTION, SELECTOR } from "./section.ts";
import { Controller } from "./server/controller.ts";
import { SHOW_OUTPUT, SHOW_SERVER_LOG, Status, type Trouble } from "./status.ts";

const RESTART = `${SECTION}.restartServer`;

let controller: Controller | undefined;

export function activate(context: ExtensionContext): void {
  const channels = new Channels();
  const status = new Status();
  const pythonExtension = new PythonExtension(channels.client);
  const server = new Controller(
    context.asAbsolutePath("bundled"),
    channels,
    status,
    pythonExtension,
    reportOnce(pythonExtension),
  );
  controller = server;
  context.subscriptions.push(
    channels,
    status,
    pythonExtension,
    commands.registerCommand(RESTART, () => server.restart()),
    commands.registerCommand(SHOW_OUTPUT, () => {
      channels.client.show();
    }),
    commands.registerCommand(SHOW_SERVER_LOG, () => {
      channels.server.show();
    }),
    whenPythonIsOpen(() => {
      context.subscriptions.push(...keepCurrent(server, pythonExtension));
      void server.refresh();
    }),
  );
}

export async function deactivate(): Promise<void> {
  await controller?.stop();
  controller = undefined;
}

/** Opening a Python file of another scheme starts the extension but no Python. */
function whenPythonIsOpen(begin: () => void): Disposable {
  if (workspace.textDocuments.some((document) => languages.match(SELECTOR, document) > 0)) {
    begin();
    return { dispose: () => undefined };
  }
  const listener = workspace.onDidOpenTextDocument((document) => {
    if (languages.match(SELECTOR, document) === 0) return;
    listener.dispose();
    begin();
  });
  return listener;
}

/** Everything after which another interpreter, or other settings, may be the right ones. */
function keepCurrent(server: Controller, pythonExtension: PythonExtension): Disposable[] {
  const refresh = (): void => {
    void server.refresh();
  };
  return [
    pythonExtension.onDidChange(refresh),
    workspace.onDidGrantWorkspaceTrust(refresh),
    workspace.onDidChangeWorkspaceFolders(refresh),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.interpreter`)) refresh();
      if (event.affectsConfiguration(SECTION)) void server.sendSettings();
    }),
  ];
}

/** Shows each trouble once: the same one again, after each change of a setting, would only nag. */
function reportOnce(pythonExtension: PythonExtension): (trouble: Trouble) => void {
  const selectInterpreter = "Select Interpreter";
  const showLog = "Show Log";
  let last: string | undefined;
  return ({ message, log }) => {
    if (message === last) return;
    last = message;
    void window.showErrorMessage(message, selectInterpreter, showLog).then((answer) => {
      if (answer === showLog) void commands.executeCommand(log);
      if (answer !== selectInterpreter) return;
      // The other extension's choice counts only where our own setting is empty.
      const isNamed = Boolean(workspace.getConfiguration(SECTION).get<unknown>("interpreter"));
      if (pythonExtension.isInstalled() && !isNamed) void commands.executeCommand("python.setInterpreter");
      else void commands.executeCommand("workbench.action.openSettings", `${SECTION}.interpreter`);
    });
  };
}
