import type { PythonExtension as PythonApi } from "@vscode/python-extension";
import { EventEmitter, extensions, type LogOutputChannel, type Uri } from "vscode";
import type { Disposable } from "./disposable.ts";
import type { Command } from "./interpreter/command.ts";
import { TimeLimitExceeded, withTimeLimit } from "./timeLimit.ts";

export const PYTHON_EXTENSION_ID = "ms-python.python";

/** How long a start may wait for the other extension; a later answer counts as a change. */
const TIME_LIMIT = 5_000;

/** The active environment of Microsoft's Python extension, where that extension is installed. */
export class PythonExtension implements Disposable {
  readonly #log: LogOutputChannel;
  readonly #changed = new EventEmitter<void>();
  readonly #disposables: Disposable[] = [this.#changed];
  #api: Promise<PythonApi> | undefined;

  constructor(log: LogOutputChannel) {
    this.#log = log;
    this.#disposables.push(
      extensions.onDidChange(() => {
        if (this.#api === undefined && this.isInstalled()) this.#changed.fire();
      }),
    );
  }

  /** The active environment is another, or can be known only now. */
  readonly onDidChange = this.#changed.event;

  isInstalled(): boolean {
    return extensions.getExtension(PYTHON_EXTENSION_ID) !== undefined;
  }

  async activeInterpreter(resource: Uri | undefined): Promise<Command | undefined> {
    const api = this.#connect();
    if (api === undefined) return undefined;
    try {
      return await withTimeLimit("the Python extension's answer", TIME_LIMIT, ask(api, resource));
    } catch (error) {
      this.#log.warn(`Cannot use the Python extension: ${String(error)}`);
      if (error instanceof TimeLimitExceeded) {
        void api.then(
          () => {
            this.#changed.fire();
          },
          () => undefined,
        );
      }
      return undefined;
    }
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #connect(): Promise<PythonApi> | undefined {
    const extension = extensions.getExtension<PythonApi>(PYTHON_EXTENSION_ID);
    if (extension === undefined) return undefined;
    this.#api ??= this.#activate(Promise.resolve(extension.activate()));
    return this.#api;
  }

  async #activate(activation: Promise<PythonApi>): Promise<PythonApi> {
    const api = await activation;
    await api.ready;
    this.#disposables.push(
      api.environments.onDidChangeActiveEnvironmentPath(() => {
        this.#changed.fire();
      }),
    );
    return api;
  }
}

async function ask(connection: Promise<PythonApi>, resource: Uri | undefined): Promise<Command | undefined> {
  const { environments } = await connection;
  const active = environments.getActiveEnvironmentPath(resource);
  const environment = await environments.resolveEnvironment(active);
  const program = environment?.executable.uri?.fsPath;
  return program === undefined ? undefined : [program];
}
