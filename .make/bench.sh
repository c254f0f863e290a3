#!/bin/bash
# bench.sh: measures ShapeLens beside the alternatives.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
bash "$root/.make/setup.sh" python
exec "$venv/bin/python" "$root/benchmarks/run.py"
