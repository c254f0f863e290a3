#!/bin/bash
# wild.sh: packages from the registry that define Keras models: no false alarm, the right shapes, the time it takes.
# Its arguments are those of tests/wild/__main__.py, for instance: --only efficientnet
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
bash "$root/.make/setup.sh" wild
cd "$root"
export PYTHONPATH=$root/server
exec "$venv/bin/python" -m tests.wild "$@"
