#!/bin/bash
# screenshot.sh: takes docs/screenshot.png, the README's picture, anew.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
bash "$root/.make/setup.sh"
workbench_environment "$(bash "$root/.make/vsix.sh")"
cd "$root"
exec node client/workbench/show.ts examples photos_broken.py docs/screenshot.png
