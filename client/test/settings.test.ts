import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { DEFAULT_SETTINGS, readServerSettings } from "../src/settings.ts";

interface Manifest {
  readonly contributes: {
    readonly configuration: { readonly properties: Record<string, { readonly default: unknown }> };
  };
}

const manifest = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as Manifest;
const properties = manifest.contributes.configuration.properties;

describe("the server's settings", () => {
  it("have the defaults that package.json declares", () => {
    const declared = readServerSettings((key) => {
      const property = properties[`shapelens.${key}`];
      assert.ok(property, `shapelens.${key} is not declared`);
      return property.default;
    });
    assert.deepEqual(declared, DEFAULT_SETTINGS);
  });

  it("are every declared setting but those that the client keeps to itself", () => {
    const read: string[] = [];
    readServerSettings((key) => read.push(`shapelens.${key}`));
    const own = ["shapelens.interpreter", "shapelens.trace.server"];
    assert.deepEqual([...read, ...own].sort(), Object.keys(properties).sort());
  });

  it("are the user's values", () => {
    const values: Record<string, unknown> = { "inlayHints.layers": false, "diagnostics.delay": 0 };
    const settings = readServerSettings((key) => values[key]);
    assert.equal(settings.inlayHints.layers, false);
    assert.equal(settings.inlayHints.tensors, true);
    assert.equal(settings.diagnostics.delay, 0);
  });

  it("are the defaults where a value has the wrong type", () => {
    assert.deepEqual(readServerSettings(() => "yes"), DEFAULT_SETTINGS);
    assert.equal(readServerSettings(() => -5).diagnostics.delay, DEFAULT_SETTINGS.diagnostics.delay);
  });
});
