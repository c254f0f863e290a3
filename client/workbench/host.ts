// A VS Code of one's own: code-server, which is VS Code's workbench served to a browser, with its
// settings, extensions and home in a folder that goes when it stops.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { until } from "./wait.ts";

export type Settings = Readonly<Record<string, unknown>>;

export interface HostOptions {
  readonly settings?: Settings;
  /** Of the scopes "machine" and "machine-overridable": dropped when among the others. */
  readonly machineSettings?: Settings;
  /** The .vsix files to install; the product's own when left out. */
  readonly extensions?: readonly string[];
}

const QUIET: Settings = {
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.colorTheme": "Default Light Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "window.restoreWindows": "none",
  "files.hotExit": "off",
  "git.enabled": false,
  "editor.minimap.enabled": false,
  "editor.fontSize": 15,
  "editor.cursorBlinking": "solid",
  "editor.hover.delay": 200,
  "editor.inlayHints.enabled": "on",
};

export class Host {
  readonly port: number;
  readonly #home: string;
  readonly #child: ChildProcess;

  private constructor(port: number, home: string, child: ChildProcess) {
    this.port = port;
    this.#home = home;
    this.#child = child;
  }

  static async start({ settings, machineSettings, extensions }: HostOptions = {}): Promise<Host> {
    const codeServer = variable("SHAPELENS_CODE_SERVER");
    const home = mkdtempSync(join(tmpdir(), "shapelens-vscode-"));
    // Also when a signal ends this program while the extensions are being installed.
    process.once("exit", () => {
      remove(home);
    });
    const userData = join(home, "user-data");
    const extensionsFolder = join(home, "extensions");
    const config = join(home, "config.yaml");
    mkdirSync(extensionsFolder);
    writeFileSync(config, "");
    writeSettings(userData, "User", { ...QUIET, ...settings });
    writeSettings(userData, "Machine", machineSettings ?? {});

    const env = environment(home);
    const folders = ["--config", config, "--user-data-dir", userData, "--extensions-dir", extensionsFolder];
    for (const extension of extensions ?? [variable("SHAPELENS_VSIX")]) {
      execFileSync(codeServer, [...folders, "--install-extension", extension], { env, stdio: "pipe" });
    }
    const port = await freePort();
    const log = openSync(join(home, "code-server.log"), "w");
    const child = spawn(
      codeServer,
      [
        ...folders,
        ...["--bind-addr", `127.0.0.1:${port}`, "--auth", "none"],
        ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
      ],
      // A group of its own, so that its children end with it.
      { env, stdio: ["ignore", log, log], detached: true },
    );
    closeSync(log);
    const host = new Host(port, home, child);
    process.prependOnceListener("exit", () => {
      host.#signal();
    });
    await until("code-server to answer", async () => {
      return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
    });
    return host;
  }

  /** The address of the workbench with a folder open, and a file of it in the editor. */
  url(folder: string, file?: string): string {
    const authority = `127.0.0.1:${this.port}`;
    const query = new URLSearchParams({ folder });
    if (file !== undefined) {
      const target = `vscode-remote://${authority}${join(folder, file)}`;
      query.set("payload", JSON.stringify([["openFile", target]]));
    }
    return `http://${authority}/?${query.toString()}`;
  }

  /** Those of any scope but "application". Changes in the user's own file would not be noticed here. */
  changeMachineSettings(settings: Settings): void {
    writeSettings(join(this.#home, "user-data"), "Machine", settings);
  }

  /** What the extension has written to the output channel of this name. */
  output(channel: string): string {
    const logs = join(this.#home, "user-data", "logs");
    const files = readdirSync(logs, { encoding: "utf8", recursive: true });
    return files
      .filter((file) => basename(file) === `${channel}.log`)
      .map((file) => readFileSync(join(logs, file), "utf8"))
      .join("");
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    if (this.#signal()) await gone;
    remove(this.#home);
  }

  /** Ends the whole group; false when it has ended already. */
  #signal(): boolean {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return false;
    return this.#child.pid !== undefined && process.kill(-this.#child.pid, "SIGTERM");
  }
}

function remove(folder: string): void {
  // What the server's children still write while they end makes a first try fail.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

export function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; the Makefile's targets set it`);
  return value;
}

function writeSettings(userData: string, scope: "User" | "Machine", settings: Settings): void {
  mkdirSync(join(userData, scope), { recursive: true });
  writeFileSync(join(userData, scope, "settings.json"), JSON.stringify(settings, null, 2));
}

function environment(home: string): NodeJS.ProcessEnv {
  // Variables of a VS Code around us, or of a CI runner, would redirect this one.
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|CODE_SERVER_|PORT$|PASSWORD$|XDG_)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    // The server leaves its sockets in the temporary folder.
    TMPDIR: home,
    // No look-ups in an extension gallery.
    EXTENSIONS_GALLERY: "{}",
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === "string") reject(new Error("no port"));
        else resolve(address.port);
      });
    });
  });
}
