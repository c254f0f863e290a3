#!/bin/bash
# mutants.sh: typical mistakes in valid programs: what real Keras does with them, and what ShapeLens says.
# SEED and MOST (mutants) may be given. What was run before is in .build/mutants and is not run again.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
bash "$root/.make/setup.sh" python
cd "$root"
exec "$venv/bin/python" -m tests.mutants.report --list --seed "${SEED:-0}" --most "${MOST:-1200}" "$@"
