// A notebook in VS Code's own notebook editor: what is found in a cell is shown in that cell.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { variable } from "../../client/workbench/host.ts";
import { until } from "../../client/workbench/wait.ts";
import { START_LIMIT } from "../../client/workbench/window.ts";
import { Stage } from "./stage.mts";

const cell = (cell_type: string, source: string): object => ({
  cell_type,
  source,
  metadata: {},
  ...(cell_type === "code" ? { outputs: [], execution_count: null } : {}),
});

const NOTEBOOK = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 2,
  metadata: { language_info: { name: "python" } },
  cells: [
    cell("markdown", "# Photos (and a bracket that is no code"),
    cell("code", "%matplotlib inline\nimport numpy as np\nfrom tensorflow.keras.layers import Conv2D"),
    cell("code", "photo = np.random.rand(28, 28, 3)"),
    cell("code", "!nvidia-smi\nfeatures = Conv2D(32, 3)(photo)"),
  ],
});

describe("a notebook", () => {
  const stage = new Stage("photos.ipynb", NOTEBOOK);
  const cells = () => stage.window.page.locator(".notebookOverlay .cell-list-container .monaco-list-row");
  before(() => stage.open({ machineSettings: { "shapelens.interpreter": variable("SHAPELENS_PYTHON") } }));
  after(() => stage.close());

  it("has a squiggle in the cell that fails, and in no other", async () => {
    const squiggles = cells().locator(".squiggly-error");
    await squiggles.first().waitFor({ timeout: START_LIMIT });
    await stage.picture("notebook");
    const failing = cells().filter({ has: stage.window.page.locator(".squiggly-error") });
    assert.equal(await failing.count(), 1);
    assert.match(await failing.innerText(), /nvidia-smi/);
  });

  it("has inlay hints in its cells", async () => {
    await cells().locator(".view-line", { hasText: /photo.*\(28,\s28,\s3\)/ }).first().waitFor();
  });

  it("has a card that tells of the shapes", async () => {
    await stage.window.pointAt(cells().locator(".squiggly-error").first());
    await stage.window.card("ShapeLens").waitFor();
  });

  it("has a quick fix, which edits the cell", async () => {
    const { page } = stage.window;
    await stage.window.clickAt(cells().locator(".squiggly-error").first());
    await page.keyboard.press("Control+.");
    const row = page.locator(".action-widget .monaco-list-row", { hasText: "expand_dims" }).first();
    await row.waitFor();
    await row.click();
    await cells().locator(".squiggly-error").first().waitFor({ state: "detached" });
    await page.keyboard.press("Control+S");
    await until("the saved notebook", () => readFileSync(stage.file, "utf8").includes("np.expand_dims(photo"));
    await stage.picture("notebook-fixed");
  });
});
