#!/bin/bash
# conformance.sh: generated calls, put to our rules and to the real libraries, of both families of Keras.
# SEED and CASES (for each operation) may be given; the seed of every run is new otherwise. As many cases as there
# are by default make some 35,000 with Keras 3 and 15,000 with Keras 2.15.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
bash "$root/.make/setup.sh" python keras2
cd "$root"
export SHAPELENS_CONFORMANCE_SEED=${SEED:-$(date +%s)}
export SHAPELENS_CONFORMANCE_CASES=${CASES:-50}
export SHAPELENS_CONFORMANCE_REPORT=$build/conformance.jsonl
mkdir -p "$build"
rm -f "$SHAPELENS_CONFORMANCE_REPORT"
say "conformance with SEED=$SHAPELENS_CONFORMANCE_SEED CASES=$SHAPELENS_CONFORMANCE_CASES"
failed=0
"$venv/bin/pytest" -q -n 2 tests/conformance "$@" || failed=1
"$venv/bin/python" -m tests.conformance.report "$SHAPELENS_CONFORMANCE_REPORT" || failed=1
exit $failed
