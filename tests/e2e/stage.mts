// A folder with one program, or notebook, in a VS Code of its own.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Host, type HostOptions, variable } from "../../client/workbench/host.ts";
import { Window } from "../../client/workbench/window.ts";

const PROGRAM = `import numpy as np
from tensorflow.keras.layers import Conv2D

images = np.random.rand(10, 28, 28, 3)
conv = Conv2D(32, 3)
maps = conv(images)

photo = np.random.rand(28, 28, 3)
layer = Conv2D(32, 3)
features = layer(photo)
`;

const FILE = "photos.py";
export const pictures = variable("SHAPELENS_PICTURES");

/** A folder with one program, open in a new VS Code for as long as the tests of a group run. */
export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), "shapelens-workspace-"));
  readonly file: string;
  readonly #name: string;
  readonly #content: string;
  #host: Host | undefined;
  #window: Window | undefined;

  constructor(name = FILE, content = PROGRAM) {
    this.#name = name;
    this.#content = content;
    this.file = join(this.folder, name);
  }

  get host(): Host {
    assert.ok(this.#host);
    return this.#host;
  }

  get window(): Window {
    assert.ok(this.#window);
    return this.#window;
  }

  async open(options: HostOptions): Promise<void> {
    writeFileSync(this.file, this.#content);
    this.#host = await Host.start(options);
    const isNotebook = this.#name.endsWith(".ipynb");
    this.#window = await Window.open(this.#host.url(this.folder, isNotebook ? undefined : this.#name));
    if (isNotebook) await this.#window.openNotebook(this.#name);
  }

  async close(): Promise<void> {
    await this.#window?.close();
    await this.#host?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  picture(name: string): Promise<void> {
    return this.window.screenshot(join(pictures, `${name}.png`));
  }
}
