import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type Choice, chooseInterpreter, explainNone, identity, type Source } from "../src/interpreter/choose.ts";
import { type Command, commandFromSetting } from "../src/interpreter/command.ts";
import { type Interpreter, judge, probe, type Verdict } from "../src/interpreter/probe.ts";
import { isProgram, pythonsOnPath } from "../src/interpreter/searchPath.ts";

const PROBE = fileURLToPath(new URL("../bundled/probe.py", import.meta.url));

function interpreter(program: string): Interpreter {
  return { command: [program], executable: program, version: "3.12.1", numpy: "2.1.0", keras: "3.15.1" };
}

describe("the setting shapelens.interpreter", () => {
  const variables = { home: "/home/ada", workspaceFolder: "/work", environment: { VENV: "/venv" } };
  const read = (value: unknown): Command | undefined => commandFromSetting(value, variables);

  it("is a path or a program with arguments", () => {
    assert.deepEqual(read("/opt/my python/bin/python"), ["/opt/my python/bin/python"]);
    assert.deepEqual(read(["py", "-3.12"]), ["py", "-3.12"]);
  });

  it("counts as unset when it is empty or of the wrong type", () => {
    for (const value of ["", "  ", [], [""], undefined, null, 3, [3]]) assert.equal(read(value), undefined);
  });

  it("may use variables", () => {
    assert.deepEqual(read("~/venv/bin/python"), ["/home/ada/venv/bin/python"]);
    assert.deepEqual(read("${userHome}/python"), ["/home/ada/python"]);
    assert.deepEqual(read("${env:VENV}/bin/python"), ["/venv/bin/python"]);
    assert.deepEqual(read("${workspaceFolder}/.venv/bin/python"), ["/work/.venv/bin/python"]);
    assert.deepEqual(read("/odd~name/python"), ["/odd~name/python"]);
  });

  it("leaves the folder's variable alone where no folder is open", () => {
    const command = commandFromSetting("${workspaceFolder}/p", { ...variables, workspaceFolder: undefined });
    assert.deepEqual(command, ["${workspaceFolder}/p"]);
  });
});

describe("the search on PATH", () => {
  const linux = (path: string, files: string[]): Command[] =>
    pythonsOnPath({ platform: "linux", path, isProgram: (file) => files.includes(file) });

  it("prefers python3, then the order of PATH", () => {
    const files = ["/b/python3", "/a/python", "/b/python"];
    assert.deepEqual(linux("/a:/b", files), [["/b/python3"], ["/a/python"], ["/b/python"]]);
  });

  it("names a folder that comes twice once, and no relative folder", () => {
    assert.deepEqual(linux("/a:.::bin:/a", ["/a/python3", "python3", "bin/python3"]), [["/a/python3"]]);
  });

  it("is short on a machine full of Pythons", () => {
    const folders = Array.from({ length: 40 }, (_, index) => `/p${index}`);
    const found = pythonsOnPath({ platform: "linux", path: folders.join(":"), isProgram: () => true });
    assert.equal(found.length, 6);
  });

  it("knows a program from a folder and from nothing", () => {
    assert.equal(isProgram(process.execPath), true);
    assert.equal(isProgram(import.meta.dirname), false);
    assert.equal(isProgram("/nowhere/python3"), false);
  });
});

describe("the verdict on an interpreter", () => {
  const answer = { executable: "/p", version: [3, 10, 0], numpy: "2.0.0", keras: null };

  it("takes 3.10 with numpy, with or without Keras", () => {
    const verdict = judge(["p"], answer);
    assert.ok(verdict.usable);
    assert.equal(verdict.interpreter.version, "3.10.0");
    assert.equal(verdict.interpreter.keras, undefined);
  });

  it("says what is missing", () => {
    const reason = (verdict: Verdict): string => (verdict.usable ? "" : verdict.reason);
    assert.match(reason(judge(["p"], { ...answer, version: [3, 9, 18] })), /3\.9\.18.*3\.10 or later/);
    assert.match(reason(judge(["p"], { ...answer, version: [2, 7, 18] })), /2\.7\.18/);
    assert.match(reason(judge(["p"], { ...answer, numpy: null })), /without numpy/);
    for (const strange of [null, 3, "x", [], { version: "3.12" }]) {
      assert.match(reason(judge(["p"], strange)), /does not answer like a Python/);
    }
  });

  it("comes from a run of the program", async () => {
    const missing = await probe(["/nowhere/python3"], PROBE);
    assert.ok(!missing.usable);
    assert.match(missing.reason, /does not start: .*ENOENT/);
    // Node is no Python, and says so in its own words.
    assert.equal((await probe([process.execPath], PROBE)).usable, false);
  });

  it("reads a real Python", async () => {
    const [command] = pythonsOnPath({ platform: process.platform, path: process.env.PATH ?? "", isProgram });
    assert.ok(command, "the tests need a python3 on PATH");
    const verdict = await probe(command, PROBE);
    // Whether this one has numpy is the machine's affair.
    if (!verdict.usable) assert.match(verdict.reason, /without numpy|3\.10 or later/);
  });
});

describe("the choice", () => {
  const asked: string[] = [];
  const source = (name: string, binding: boolean, ...programs: string[]): Source => ({
    name,
    binding,
    commands: () => {
      asked.push(name);
      return Promise.resolve(programs.map((program): Command => [program]));
    },
  });
  const choose = (sources: Source[], good: string[]): Promise<Choice> => {
    asked.length = 0;
    return chooseInterpreter(sources, ([program]) =>
      Promise.resolve<Verdict>(
        good.includes(program)
          ? { usable: true, interpreter: interpreter(program) }
          : { usable: false, reason: "is Python 3.8.1; 3.10 or later is needed" },
      ),
    );
  };

  it("takes the first that works, and asks nobody after it", async () => {
    const choice = await choose([source("setting", true), source("env", false, "e"), source("PATH", false, "p")], ["e", "p"]);
    assert.equal(choice.interpreter?.executable, "e");
    assert.equal(choice.source, "env");
    assert.deepEqual(asked, ["setting", "env"]);
  });

  it("goes on after one that does not work", async () => {
    const choice = await choose([source("env", false, "e"), source("PATH", false, "p", "q")], ["q"]);
    assert.equal(choice.interpreter?.executable, "q");
    assert.equal(choice.rejected.length, 2);
  });

  it("does not pass over what the user named", async () => {
    const choice = await choose([source("setting", true, "s"), source("PATH", false, "p")], ["p"]);
    assert.equal(choice.interpreter, undefined);
    assert.deepEqual(asked, ["setting"]);
    assert.equal(
      explainNone(choice),
      "ShapeLens needs Python 3.10 or later with numpy: s (setting) is Python 3.8.1; 3.10 or later is needed.",
    );
  });

  it("explains that there was none", async () => {
    assert.match(explainNone(await choose([source("PATH", false)], [])), /no Python was found/);
    const three = await choose([source("PATH", false, "a", "b", "c")], []);
    assert.match(explainNone(three), /a \(PATH\) is Python 3\.8\.1.*, and 2 more could not be used\.$/);
  });

  it("tells a change of interpreter from none", () => {
    assert.equal(identity(interpreter("/a")), identity({ ...interpreter("/a") }));
    assert.notEqual(identity(interpreter("/a")), identity(interpreter("/b")));
    assert.notEqual(identity(interpreter("/a")), identity({ ...interpreter("/a"), version: "3.13.0" }));
  });
});
