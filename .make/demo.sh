#!/bin/bash
# demo.sh: ShapeLens over examples/, in the terminal and then in VS Code.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
example=photos_broken.py
bash "$root/.make/setup.sh" python client
vsix=$(bash "$root/.make/vsix.sh")
cd "$root"

say "shapelens check examples/"
status=0
"$venv/bin/shapelens" check examples/ || status=$?
# 1 is what it says when it has found something, as it should here.
[ "$status" -le 1 ] || fail "shapelens check ended with $status"
say "shapelens shapes examples/$example"
"$venv/bin/shapelens" shapes "examples/$example"

if [ -n "${CI:-}" ] || [ ! -t 1 ]; then
  bash "$root/.make/setup.sh" host browser
  workbench_environment "$vsix"
  say "VS Code without a window"
  exec node client/workbench/show.ts examples "$example" .build/demo.png
fi
if command -v code >/dev/null; then
  say "VS Code"
  code --install-extension "$vsix" --force
  # The Python that has numpy and Keras is the first on PATH, where the extension looks.
  PATH="$venv/bin:$PATH" exec code --new-window --goto "examples/$example" examples
fi
bash "$root/.make/setup.sh" host
workbench_environment "$vsix"
say "VS Code in the browser"
exec node client/workbench/show.ts examples "$example"
