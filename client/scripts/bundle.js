// Bundles the client into one file: node bundle.js OUTFILE
import { build } from "esbuild";

await build({
  entryPoints: [`${import.meta.dirname}/../src/extension.ts`],
  outfile: process.argv[2],
  bundle: true,
  // VS Code's own Node since 1.91, and the format that every VS Code loads.
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  minify: true,
  legalComments: "linked",
  logLevel: "warning",
});
