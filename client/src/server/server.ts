import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import type { LogOutputChannel } from "vscode";
import {
  CloseAction,
  type CloseHandlerResult,
  DidChangeConfigurationNotification,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  type StaticFeature,
} from "vscode-languageclient/node";
import type { Channels } from "../channels.ts";
import type { Command } from "../interpreter/command.ts";
import {
  KERAS_STATUS,
  KERAS_STATUS_CAPABILITY,
  type KerasStatus,
  readKerasStatus,
} from "../kerasStatus.ts";
import { SECTION, SELECTOR } from "../section.ts";
import type { ServerSettings } from "../settings.ts";
import { withTimeLimit } from "../timeLimit.ts";
import { CrashPolicy } from "./crashPolicy.ts";
import { end, start } from "./process.ts";

/** From the start of Python to the answer to `initialize`. */
const START_LIMIT = 60_000;

export interface ServerEvents {
  /** It runs, for the first time or again. */
  readonly running: (version: string | undefined, processId: number | undefined) => void;
  /** It ended by itself and is being started again. */
  readonly restarting: () => void;
  /** It ended by itself and stays so. */
  readonly gaveUp: () => void;
  /** There is something new to say of the installed Keras. */
  readonly keras: (status: KerasStatus) => void;
}

/** The library's own pop-ups would tell a second time, in its terms, what the controller reports. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** One language server, from start to stop, with the starts again after a crash. */
export class Server {
  readonly #client: LanguageClient;
  readonly #crashes = new CrashPolicy();
  #process: ChildProcessWithoutNullStreams | undefined;
  #wasRunning = false;

  constructor(
    command: Command,
    folder: string,
    settings: () => ServerSettings,
    channels: Channels,
    events: ServerEvents,
  ) {
    const spawn = async (): Promise<ChildProcessWithoutNullStreams> => {
      this.#process = await start(command, folder);
      return this.#process;
    };
    this.#client = new QuietClient(SECTION, "ShapeLens", spawn, {
      documentSelector: SELECTOR,
      outputChannel: channels.server,
      traceOutputChannel: channels.trace,
      // The status item and one message tell of trouble; no panel opens by itself.
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      // Read anew at each start, also at one after a crash.
      initializationOptions: settings,
      initializationFailedHandler: () => false,
      stdioOptions: { stdout: forward, stderr: forward },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.#closed(events),
      },
    });
    this.#client.registerFeature(WANTS_KERAS_STATUS);
    this.#client.onNotification(KERAS_STATUS, (sent: unknown) => {
      const status = readKerasStatus(sent);
      if (status !== undefined) events.keras(status);
    });
    this.#client.onDidChangeState(({ newState }) => {
      if (newState !== State.Running) return;
      this.#wasRunning = true;
      events.running(this.#client.initializeResult?.serverInfo?.version, this.#process?.pid);
    });
  }

  async start(): Promise<void> {
    await withTimeLimit("the start of the language server", START_LIMIT, this.#client.start());
  }

  async send(settings: ServerSettings): Promise<void> {
    if (!this.#client.isRunning()) return;
    await this.#client.sendNotification(DidChangeConfigurationNotification.type, {
      settings: { [SECTION]: settings },
    });
  }

  async stop(): Promise<void> {
    try {
      await this.#client.dispose();
    } finally {
      // The client leaves a process alone that never answered, or that hangs.
      if (this.#process !== undefined) await end(this.#process);
    }
  }

  #closed(events: ServerEvents): CloseHandlerResult {
    // What did not come up once will not come up by trying again; start() rejects.
    if (!this.#wasRunning) return { action: CloseAction.DoNotRestart, handled: true };
    if (this.#crashes.mayRestart()) {
      events.restarting();
      return { action: CloseAction.Restart, handled: true };
    }
    events.gaveUp();
    return { action: CloseAction.DoNotRestart, handled: true };
  }
}

const WANTS_KERAS_STATUS: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    const others: unknown = capabilities.experimental;
    capabilities.experimental = { ...(others as object | undefined), [KERAS_STATUS_CAPABILITY]: true };
  },
  initialize: () => undefined,
  getState: () => ({ kind: "static" }),
  clear: () => undefined,
};

function forward(input: NodeJS.ReadableStream, channel: LogOutputChannel): void {
  createInterface({ input }).on("line", (line) => {
    channel.info(line);
  });
}
