import { languages, LanguageStatusSeverity } from "vscode";
import type { Disposable } from "./disposable.ts";
import type { Interpreter } from "./interpreter/probe.ts";
import type { KerasStatus } from "./kerasStatus.ts";
import { SECTION, SELECTOR } from "./section.ts";

export const SHOW_OUTPUT = `${SECTION}.showOutput`;
export const SHOW_SERVER_LOG = `${SECTION}.showServerLog`;

export interface Trouble {
  readonly message: string;
  /** The command that shows the log that says more. */
  readonly log: typeof SHOW_OUTPUT | typeof SHOW_SERVER_LOG;
}

/** The entry under the braces in the status bar, for the file in view. */
export class Status implements Disposable {
  readonly #item = languages.createLanguageStatusItem(SECTION, SELECTOR);

  #interpreter: string | undefined;
  #keras: KerasStatus | undefined;

  constructor() {
    this.#item.name = "ShapeLens";
    this.#item.command = { title: "Show Log", command: SHOW_OUTPUT };
    this.starting();
  }

  starting(): void {
    this.#interpreter = undefined;
    this.#keras = undefined;
    this.#show("ShapeLens: starting", "", LanguageStatusSeverity.Information);
    this.#item.busy = true;
  }

  running(serverVersion: string | undefined, { version, keras, executable }: Interpreter): void {
    const library = keras === undefined ? "no Keras in this interpreter" : `Keras ${keras}`;
    this.#interpreter = `Python ${version} (${executable})`;
    this.#show(
      ["ShapeLens", serverVersion].join(" ").trim(),
      `Python ${version}, ${library} (${executable})`,
      LanguageStatusSeverity.Information,
    );
    this.#item.command = { title: "Show Server Log", command: SHOW_SERVER_LOG };
    // It may have come first.
    if (this.#keras !== undefined) this.keras(this.#keras);
  }

  /** Which Keras answers, or why none does; shown while the server runs. */
  keras(status: KerasStatus): void {
    this.#keras = status;
    if (this.#interpreter === undefined) return;
    const { message, busy, broken } = status;
    this.#item.detail = `${message}; ${this.#interpreter}`;
    this.#item.severity = broken ? LanguageStatusSeverity.Warning : LanguageStatusSeverity.Information;
    this.#item.busy = busy;
  }

  failed({ message, log }: Trouble): void {
    this.#interpreter = undefined;
    this.#show("ShapeLens: not running", message, LanguageStatusSeverity.Error);
    this.#item.command = { title: "Show Log", command: log };
  }

  dispose(): void {
    this.#item.dispose();
  }

  #show(text: string, detail: string, severity: LanguageStatusSeverity): void {
    this.#item.text = text;
    this.#item.detail = detail;
    this.#item.severity = severity;
    this.#item.busy = false;
  }
}
