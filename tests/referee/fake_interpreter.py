"""Stands for an interpreter: ``fake_interpreter.py BEHAVIOUR FOLDER PATH``, where PATH is what it shall run.

It imports nothing heavy, so that what goes wrong with a worker can be tried in milliseconds. A question about
``keras.layers.NAME`` does what NAME says; any other gets an answer. FOLDER counts how often it was started.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def say(message: object) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main() -> None:
    behaviour, folder, path = sys.argv[1:4]
    keras = "" if behaviour == "no-keras" and not Path(folder, "installed").exists() else "3.15.1"
    versions = {"python": "3.11.0", "keras": keras, "tensorflow": "2.21.0", "numpy": "2.4.6"}
    if path.endswith("probe.py"):
        if behaviour == "no-python":
            print("usage: foo")
        elif behaviour == "stuck-probe":
            time.sleep(1000)
        else:
            say(versions)
        return
    started = Path(folder, f"started-{os.getpid()}")
    started.write_text("", encoding="utf-8")
    healed = len(list(Path(folder).glob("started-*"))) > 1
    if behaviour == "dead" or (behaviour == "dead-once" and not healed):
        sys.exit("ImportError: something is missing")
    if behaviour == "garbage":
        print("Welcome to Python")
    say({"alive": True})
    if behaviour == "broken":
        say({"broken": "ImportError: libfoo.so"})
        return
    if behaviour == "stuck-import" and not healed:
        time.sleep(1000)
    say({"ready": versions, "memory": 100})
    for line in sys.stdin:
        question = json.loads(line)
        name = question["call"][1][1].rsplit(".", 1)[-1]
        reply = {"id": question["id"], "answer": {"outputs": ["T", [None, 3], "float32"]}, "keep": True, "memory": 100}
        if name == "Die" or (name == "DieOnce" and not healed):
            os._exit(3)
        elif name == "Hang":
            time.sleep(1000)
        elif name == "Nonsense":
            reply["answer"] = {"outputs": 3}
        elif name == "Garbage":
            print("what?")
        elif name == "Other":
            reply["id"] = -1
        elif name == "Grow":
            reply["memory"] = 10**12
        elif name == "Passing":
            reply.update(answer={"refused": "no memory"}, keep=False)
        elif name == "Noise":
            sys.stderr.write("some noise\n")
        say(reply)


if __name__ == "__main__":
    main()
