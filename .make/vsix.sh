#!/bin/bash
# vsix.sh: builds .build/shapelens-VERSION.vsix, one file for every platform, and prints its path.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
bash "$root/.make/setup.sh" python client >&2
export PATH="$tools/bin:$PATH"

manifest_version=$(node -p "require('$root/package.json').version")
server_version=$("$venv/bin/python" -c 'import shapelens; print(shapelens.__version__)')
[ "$manifest_version" = "$server_version" ] ||
  fail "package.json has version $manifest_version, the server $server_version"

# What goes into the .vsix gets laid out apart, so that no list of exclusions can be forgotten.
stage=$build/extension
vsix=$build/shapelens-$manifest_version.vsix
rm -rf "$stage"
mkdir -p "$stage/client/dist" "$stage/client/media" "$stage/bundled"
cp "$root/package.json" "$root/client/README.md" "$stage/"
cp "$root/client/media/icon.png" "$stage/client/media/"
cp "$root"/client/bundled/*.py "$stage/bundled/"
node "$root/client/scripts/bundle.js" "$stage/client/dist/extension.js"
"$venv/bin/python" "$root/client/scripts/vendor.py" "$stage/bundled/libs"

rm -f "$build"/shapelens-*.vsix
# Its search for secrets takes five minutes over the bundled packages' six thousand public files.
(cd "$stage" && "$root/client/node_modules/.bin/vsce" package --no-dependencies --skip-license \
  --allow-missing-repository --allow-package-all-secrets --out "$vsix") >"$build/vsce.log" 2>&1 || {
  cat "$build/vsce.log" >&2
  fail "vsce could not build the package"
}
echo "$vsix"
