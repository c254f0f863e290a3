import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readKerasStatus } from "../src/kerasStatus.ts";

describe("what the server tells of Keras", () => {
  it("is a sentence and two flags", () => {
    const sent = { state: "starting", message: "importing Keras 3.15.1", busy: true, broken: false, pending: 3 };
    assert.deepEqual(readKerasStatus(sent), { message: "importing Keras 3.15.1", busy: true, broken: false });
  });

  it("is at rest and in order where nothing else is said", () => {
    assert.deepEqual(readKerasStatus({ message: "x", busy: "yes" }), { message: "x", busy: false, broken: false });
  });

  it("is nothing where it is not understood", () => {
    for (const strange of [undefined, null, 3, "x", [], {}, { message: 3 }]) {
      assert.equal(readKerasStatus(strange), undefined);
    }
  });
});
