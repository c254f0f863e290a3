#!/bin/bash
# test.sh: every check there is; the first that fails ends it. The last lines are pytest's own.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
bash "$root/.make/setup.sh"
bash "$root/.make/lint.sh"
vsix=$(bash "$root/.make/vsix.sh")
workbench_environment "$vsix"
cd "$root"
say "client's unit tests"
node --test --test-reporter=dot 'client/test/*.test.ts'
say "extension in VS Code"
# One file at a time: two VS Codes at once make two cores slow, and so does a TensorFlow behind each.
SHAPELENS_NO_KERAS=1 node --test --test-concurrency=1 --test-reporter=spec tests/e2e/*.e2e.mts
say "pytest"
# Two at a time on any machine: each worker starts a TensorFlow of its own.
exec "$venv/bin/pytest" -n 2 "$@"
