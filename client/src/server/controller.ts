import { join } from "node:path";
import { workspace } from "vscode";
import type { Channels } from "../channels.ts";
import { Coalescer } from "../coalescer.ts";
import { discover } from "../discovery.ts";
import type { Disposable } from "../disposable.ts";
import { explainNone, identity } from "../interpreter/choose.ts";
import type { Interpreter } from "../interpreter/probe.ts";
import type { PythonExtension } from "../pythonExtension.ts";
import { SECTION } from "../section.ts";
import { readServerSettings, type ServerSettings } from "../settings.ts";
import { SHOW_OUTPUT, SHOW_SERVER_LOG, type Status, type Trouble } from "../status.ts";
import { serverCommand } from "./process.ts";
import { Server } from "./server.ts";

/** Keeps at most one server running, in the interpreter that is the right one now. */
export class Controller implements Disposable {
  readonly #bundled: string;
  readonly #channels: Channels;
  readonly #status: Status;
  readonly #pythonExtension: PythonExtension;
  readonly #report: (trouble: Trouble) => void;
  readonly #refresh = new Coalescer(() => this.#run());
  #server: Server | undefined;
  #identity: string | undefined;
  #forced = false;
  #stopped = false;

  constructor(
    bundled: string,
    channels: Channels,
    status: Status,
    pythonExtension: PythonExtension,
    report: (trouble: Trouble) => void,
  ) {
    this.#bundled = bundled;
    this.#channels = channels;
    this.#status = status;
    this.#pythonExtension = pythonExtension;
    this.#report = report;
  }

  /** Looks for the interpreter again, and starts the server anew if it is another one. */
  refresh(): Promise<void> {
    return this.#refresh.request();
  }

  restart(): Promise<void> {
    this.#forced = true;
    return this.#refresh.request();
  }

  async sendSettings(): Promise<void> {
    await this.#server?.send(currentSettings());
  }

  dispose(): void {
    void this.stop();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#refresh.request();
  }

  async #run(): Promise<void> {
    const forced = this.#forced;
    this.#forced = false;
    if (this.#stopped) {
      await this.#end();
      return;
    }
    const choice = await discover(this.#pythonExtension, join(this.#bundled, "probe.py"), this.#channels.client);
    const { interpreter } = choice;
    const wanted = interpreter && identity(interpreter);
    if (!forced && this.#server !== undefined && wanted === this.#identity) return;
    await this.#end();
    if (interpreter === undefined) {
      this.#fail({ message: explainNone(choice), log: SHOW_OUTPUT });
    } else {
      await this.#begin(interpreter);
    }
  }

  async #begin(interpreter: Interpreter): Promise<void> {
    this.#status.starting();
    const command = serverCommand(interpreter.command, join(this.#bundled, "launch.py"));
    this.#channels.client.info(`Starting ${command.join(" ")}`);
    const server = new Server(command, this.#bundled, currentSettings, this.#channels, {
      running: (version, processId) => {
        this.#channels.client.info(`Server ${String(version)} is running as process ${String(processId)}`);
        this.#status.running(version, interpreter);
      },
      keras: (keras) => {
        this.#status.keras(keras);
      },
      restarting: () => {
        this.#channels.client.warn("The server ended by itself; starting it again");
        this.#status.starting();
      },
      gaveUp: () => {
        this.#fail({ message: "The ShapeLens server ended by itself; its log says why.", log: SHOW_SERVER_LOG });
      },
    });
    this.#server = server;
    this.#identity = identity(interpreter);
    try {
      await server.start();
    } catch (error) {
      this.#channels.client.error(String(error));
      await this.#end();
      this.#fail({ message: "The ShapeLens server did not start; its log says why.", log: SHOW_SERVER_LOG });
    }
  }

  async #end(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#identity = undefined;
    try {
      await server?.stop();
    } catch (error) {
      this.#channels.client.warn(`The server did not stop in order: ${String(error)}`);
    }
  }

  #fail(trouble: Trouble): void {
    this.#channels.client.error(trouble.message);
    this.#status.failed(trouble);
    this.#report(trouble);
  }
}

function currentSettings(): ServerSettings {
  const configuration = workspace.getConfiguration(SECTION);
  return readServerSettings((key) => configuration.get(key));
}
