import { EventEmitter, LogLevel, type LogOutputChannel, window, workspace } from "vscode";
import type { Disposable } from "./disposable.ts";
import { SECTION } from "./section.ts";

const TRACE_SETTING = "trace.server";

/** What this extension does, what the server says, and the messages between them, kept apart. */
export class Channels implements Disposable {
  readonly client = window.createOutputChannel("ShapeLens", { log: true });
  readonly server = window.createOutputChannel("ShapeLens Server", { log: true });
  readonly trace: LogOutputChannel;
  readonly #disposables: Disposable[] = [this.client, this.server];

  constructor() {
    const trace = window.createOutputChannel("ShapeLens Trace", { log: true });
    const changed = new EventEmitter<LogLevel>();
    const level = (): LogLevel => {
      const wanted = workspace.getConfiguration(SECTION).get<string>(TRACE_SETTING, "off");
      return wanted === "off" ? LogLevel.Off : LogLevel.Trace;
    };
    // The language client traces only while the channel's own level is "trace", which a user sets
    // in another place than the setting that every language extension has. Here the setting is
    // the level, and what gets traced is written at a level that is always shown.
    this.trace = Object.create(trace, {
      logLevel: { get: level },
      onDidChangeLogLevel: { value: changed.event },
      trace: {
        value: (message: string): void => {
          trace.info(message);
        },
      },
    }) as LogOutputChannel;
    this.#disposables.push(
      trace,
      changed,
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SECTION}.${TRACE_SETTING}`)) changed.fire(level());
      }),
    );
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}
