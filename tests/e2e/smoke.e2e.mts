// The packaged extension in a real VS Code: what a person sees and does.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { variable } from "../../client/workbench/host.ts";
import { until } from "../../client/workbench/wait.ts";
import { START_LIMIT } from "../../client/workbench/window.ts";
import { pictures, Stage } from "./stage.mts";

const python = variable("SHAPELENS_PYTHON");

describe("a Keras file", () => {
  const stage = new Stage();
  before(() => stage.open({ machineSettings: { "shapelens.interpreter": python } }));
  after(() => stage.close());

  it("has a squiggle where the shapes cannot fit", async () => {
    await stage.window.squiggle.waitFor({ timeout: START_LIMIT });
    await stage.window.pointAt(stage.window.squiggle);
    const card = stage.window.card("ShapeLens");
    await card.waitFor();
    assert.match(await card.innerText(), /28, 28, 3/);
    await stage.picture("squiggle");
  });

  it("has inlay hints with the output shapes", async () => {
    await stage.window.line(/maps.*\(10,\s26,\s26,\s32\)/).waitFor();
  });

  it("has a hover card on a layer", async () => {
    const layer = stage.window.line(/^conv/).getByText("Conv2D", { exact: true });
    await stage.window.pointAt(layer.first());
    await stage.window.card(/output: \(10, 26, 26, 32\)/).waitFor();
    await stage.picture("hover");
  });

  it("has a quick fix, after which the squiggle is gone", async () => {
    const { page, squiggle } = stage.window;
    await stage.window.clickAt(squiggle);
    await page.keyboard.press("Control+.");
    const row = page.locator(".action-widget .monaco-list-row", { hasText: "expand_dims" }).first();
    await row.waitFor().catch(async (e: unknown) => { await stage.picture("FAIL"); throw e; });
    await stage.picture("quick-fix");
    await row.click();
    await squiggle.waitFor({ state: "detached" });
    await page.keyboard.press("Control+S");
    await until("the saved file", () => readFileSync(stage.file, "utf8").includes("np.expand_dims(photo"));
    await stage.picture("fixed");
  });

  const servers = (): number[] =>
    [...stage.host.output("ShapeLens").matchAll(/is running as process (\d+)/g)].map((match) => Number(match[1]));

  it("goes on after a restart of the server", async () => {
    assert.equal(servers().length, 1);
    await stage.window.run("ShapeLens: Restart Server");
    await until("the second server", () => servers().length === 2);
    await stage.window.clickAt(stage.window.line(/^features/));
    await stage.window.page.keyboard.press("Control+Z");
    await stage.window.squiggle.waitFor();
  });

  it("goes on after the server's death", async () => {
    const [, second] = servers();
    assert.ok(second);
    process.kill(second, "SIGKILL");
    await until("the third server", () => servers().length === 3);
    await stage.window.page.keyboard.press("Control+Y");
    await stage.window.squiggle.waitFor({ state: "detached" });
  });
});

describe("a machine without a fitting Python", () => {
  const stage = new Stage();
  before(() => stage.open({ machineSettings: { "shapelens.interpreter": "/nowhere/python3" } }));
  after(() => stage.close());

  it("gets one clear message", async () => {
    const message = stage.window.page.locator(".notification-toast", {
      hasText: "ShapeLens needs Python 3.10 or later with numpy: /nowhere/python3",
    });
    await message.waitFor({ timeout: START_LIMIT });
    assert.equal(await message.count(), 1);
    await stage.picture("no-python");
  });

  it("gets another when the server does not come up", async () => {
    const broken = join(stage.folder, "broken-python");
    const script = `case "$*" in *probe.py) exec "${python}" "$@" ;; esac\necho broken >&2\nexit 3\n`;
    writeFileSync(broken, `#!/bin/sh\n${script}`, { mode: 0o755 });
    stage.host.changeMachineSettings({ "shapelens.interpreter": broken });
    const message = stage.window.page.locator(".notification-toast", {
      hasText: "The ShapeLens server did not start",
    });
    await message.waitFor();
    assert.match(stage.host.output("ShapeLens Server"), /broken/);
    // The first message and this one: the library that talks to the server adds none of its own.
    assert.equal(await stage.window.page.locator(".notification-toast").count(), 2);
    await stage.picture("no-start");
  });

  it("needs no reload once the setting names one", async () => {
    stage.host.changeMachineSettings({ "shapelens.interpreter": python });
    await stage.window.squiggle.waitFor({ timeout: START_LIMIT });
  });
});

describe("a machine with the Python extension", () => {
  const stage = new Stage();
  const interpreters = (): string[] =>
    [...stage.host.output("ShapeLens").matchAll(/Starting (\S+)/g)].map((match) => match[1] ?? "");
  before(() => {
    const standIn = packageStandIn();
    return stage.open({
      machineSettings: { "python.defaultInterpreterPath": python },
      extensions: [standIn, variable("SHAPELENS_VSIX")],
    });
  });
  after(() => stage.close());

  it("uses the active environment", async () => {
    await stage.window.squiggle.waitFor({ timeout: START_LIMIT });
    assert.deepEqual(interpreters(), [python]);
  });

  it("follows when another becomes active", async () => {
    const other = `${python}3`;
    stage.host.changeMachineSettings({ "python.defaultInterpreterPath": other });
    await until("the other interpreter", () => interpreters().length === 2);
    assert.deepEqual(interpreters(), [python, other]);
    await stage.window.squiggle.waitFor();
  });
});

/** A folder that merely lies among the installed extensions would not be looked at. */
function packageStandIn(): string {
  const file = join(pictures, "..", "python-extension.vsix");
  const options = ["--no-dependencies", "--skip-license", "--allow-missing-repository", "--out", file];
  execFileSync(variable("SHAPELENS_VSCE"), ["package", ...options], {
    cwd: join(import.meta.dirname, "python-extension"),
    stdio: "pipe",
  });
  return file;
}
