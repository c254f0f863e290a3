// The settings of package.json, changed while VS Code is open.
import { after, before, describe, it } from "node:test";
import { type Settings, variable } from "../../client/workbench/host.ts";
import { START_LIMIT } from "../../client/workbench/window.ts";
import { Stage } from "./stage.mts";

const LAYER = /conv\(images\).*\(10,\s26,\s26,\s32\)/;
const TENSOR = /images:\s\(10,\s28,\s28,\s3\)/;

describe("the settings", () => {
  const stage = new Stage();
  const hint = (text: RegExp, state: "visible" | "detached"): Promise<void> => stage.window.line(text).waitFor({ state });
  const base = { "shapelens.interpreter": variable("SHAPELENS_PYTHON") };
  const change = (settings: Settings): void => {
    stage.host.changeMachineSettings({ ...base, ...settings });
  };
  before(async () => {
    await stage.open({ machineSettings: base });
    await stage.window.squiggle.waitFor({ timeout: START_LIMIT });
    await hint(LAYER, "visible");
    await hint(TENSOR, "visible");
  });
  after(() => stage.close());

  it("turn the hints of layers off", async () => {
    change({ "shapelens.inlayHints.layers": false });
    await hint(LAYER, "detached");
    await hint(TENSOR, "visible");
    await stage.picture("no-layer-hints");
  });

  it("turn the hints of tensors off", async () => {
    change({ "shapelens.inlayHints.tensors": false });
    await hint(TENSOR, "detached");
    await hint(LAYER, "visible");
  });

  it("turn the squiggles off and on", async () => {
    change({ "shapelens.diagnostics.enabled": false });
    await stage.window.squiggle.waitFor({ state: "detached" });
    await hint(TENSOR, "visible");
    await stage.picture("no-diagnostics");
    change({});
    await stage.window.squiggle.waitFor();
  });
});
