import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Coalescer } from "../src/coalescer.ts";
import { CrashPolicy } from "../src/server/crashPolicy.ts";
import { end, serverCommand, start } from "../src/server/process.ts";
import { TimeLimitExceeded, withTimeLimit } from "../src/timeLimit.ts";

describe("a coalescer", () => {
  it("runs one piece of work at a time, and once more for all who asked meanwhile", async () => {
    const finish: (() => void)[] = [];
    const coalescer = new Coalescer(() => new Promise((resolve) => finish.push(resolve)));
    const first = coalescer.request();
    const others = [coalescer.request(), coalescer.request(), coalescer.request()];
    assert.equal(finish.length, 1);
    finish[0]?.();
    await first;
    await new Promise(setImmediate);
    assert.equal(finish.length, 2);
    finish[1]?.();
    await Promise.all(others);
    assert.equal(finish.length, 2);
  });

  it("goes on after work that failed", async () => {
    let runs = 0;
    const coalescer = new Coalescer(() => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error("first")) : Promise.resolve();
    });
    const first = coalescer.request();
    const second = coalescer.request();
    await assert.rejects(first, /first/);
    await second;
    await coalescer.request();
    assert.equal(runs, 3);
  });
});

describe("a time limit", () => {
  it("lets what is quick through, its failure too", async () => {
    assert.equal(await withTimeLimit("it", 1000, Promise.resolve(3)), 3);
    await assert.rejects(withTimeLimit("it", 1000, Promise.reject(new Error("own"))), /own/);
  });

  it("ends what takes too long", async () => {
    await assert.rejects(withTimeLimit("it", 5, new Promise(() => undefined)), (error) => {
      assert.ok(error instanceof TimeLimitExceeded);
      assert.match(error.message, /it took longer than 5 ms/);
      return true;
    });
  });
});

describe("the crash policy", () => {
  it("allows four restarts in three minutes", () => {
    let now = 0;
    const policy = new CrashPolicy(() => now);
    const answers = Array.from({ length: 5 }, () => policy.mayRestart());
    assert.deepEqual(answers, [true, true, true, true, false]);
    now = 4 * 60_000;
    assert.equal(policy.mayRestart(), true);
  });
});

describe("the server's process", () => {
  it("gets the interpreter's own arguments first", () => {
    assert.deepEqual(serverCommand(["py", "-3.12"], "/x/launch.py"), [
      "py", "-3.12", "-X", "utf8", "/x/launch.py", "lsp",
    ]);
  });

  it("cannot be started when the program is missing", async () => {
    await assert.rejects(start(["/nowhere/python3"], import.meta.dirname), /ENOENT/);
  });

  it("ends when its input does", async () => {
    const child = await start([process.execPath, "-e", "process.stdin.resume()"], import.meta.dirname);
    await end(child);
    assert.equal(child.exitCode, 0);
    await end(child);
  });

  it("is made to end when it hangs", async () => {
    const child = await start([process.execPath, "-e", "setInterval(() => {}, 1000)"], import.meta.dirname);
    await end(child);
    assert.equal(child.signalCode, "SIGKILL");
  });
});
