// Draws media/icon.png, which VS Code wants as pixels, from media/icon.svg: node draw-icon.js
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const media = `${import.meta.dirname}/../media`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
await page.setContent(`<style>body{margin:0}svg{display:block}</style>${readFileSync(`${media}/icon.svg`, "utf8")}`);
await page.screenshot({ path: `${media}/icon.png`, omitBackground: true });
await browser.close();
