// Shows a folder in VS Code with the extension: node show.ts FOLDER FILE [PICTURE]
// With PICTURE it opens no window, takes a screenshot of the file and ends.
import { resolve } from "node:path";
import { Host, variable } from "./host.ts";
import { START_LIMIT, Window } from "./window.ts";

const [folder, file, picture] = process.argv.slice(2);
if (folder === undefined || file === undefined) throw new Error("usage: show.ts FOLDER FILE [PICTURE]");

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit());

const host = await Host.start({
  machineSettings: { "shapelens.interpreter": variable("SHAPELENS_PYTHON") },
});
const url = host.url(resolve(folder), file);
if (picture === undefined) {
  process.stdout.write(`\n  ${url}\n\nOpen this address in a browser. Ctrl-C ends it.\n`);
} else {
  try {
    await takePicture(url, resolve(picture));
    process.stdout.write(`${picture}\n`);
  } finally {
    await host.stop();
  }
}

async function takePicture(address: string, target: string): Promise<void> {
  const window = await Window.open(address, { width: 1100, height: 880 });
  try {
    await window.squiggle.waitFor({ timeout: START_LIMIT });
    await window.run("View: Toggle Primary Side Bar Visibility");
    // The card opens above its place: the lowest squiggle leaves most of the hints to be seen.
    await window.pointAt(window.squiggles.last());
    await window.card(/ShapeLens[^]*Quick Fix/).waitFor();
    await window.screenshot(target);
  } finally {
    await window.close();
  }
}
