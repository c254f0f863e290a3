// One window of VS Code in a headless Chromium, and what a person does in it.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import { variable } from "./host.ts";
import { until } from "./wait.ts";

/** A new profile takes up to 16 s on an idle machine from its start to the first squiggle. */
export const START_LIMIT = 90_000;

export class Window {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #profile: string;

  private constructor(page: Page, context: BrowserContext, profile: string) {
    this.page = page;
    this.#context = context;
    this.#profile = profile;
  }

  static async open(url: string, { width = 1200, height = 720 } = {}): Promise<Window> {
    const profile = mkdtempSync(join(tmpdir(), "shapelens-chromium-"));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: variable("SHAPELENS_CHROMIUM"),
      headless: true,
      viewport: { width, height },
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(url);
    await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: START_LIMIT });
    return new Window(page, context, profile);
  }

  async close(): Promise<void> {
    await this.#context.close();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** The squiggles under errors, in the part of the file that can be seen. */
  get squiggles(): Locator {
    return this.page.locator(".editor-instance .squiggly-error");
  }

  get squiggle(): Locator {
    return this.squiggles.first();
  }

  /** A line of the editor with this text, an inlay hint's included. */
  line(text: string | RegExp): Locator {
    return this.page.locator(".editor-instance .view-line", { hasText: text }).first();
  }

  /** The hover card with this text. */
  card(text: string | RegExp): Locator {
    return this.page.locator(".monaco-hover:visible", { hasText: text }).first();
  }

  /** Moves the mouse from elsewhere onto the middle of something; only a move makes a hover card. */
  async pointAt(target: Locator): Promise<void> {
    const [x, y] = await centre(target);
    await this.#leave();
    await this.page.mouse.move(x, y, { steps: 5 });
  }

  /** Squiggles take no pointer events, so this clicks on the place and not on the element. */
  async clickAt(target: Locator): Promise<void> {
    const [x, y] = await centre(target);
    // A hover card that is still open may lie over the place.
    await this.#leave();
    await this.page.mouse.click(x, y);
  }

  async #leave(): Promise<void> {
    await this.page.keyboard.press("Escape");
    await this.page.mouse.move(5, 5);
    await this.page.locator(".monaco-hover:visible").first().waitFor({ state: "detached" });
  }

  /** Opens a notebook as such: until VS Code has read its own extensions, it is opened as text. */
  async openNotebook(name: string): Promise<void> {
    const row = this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: name }).first();
    const open = async (): Promise<boolean> => {
      await row.dblclick();
      await this.page.locator(".notebookOverlay").first().waitFor({ timeout: 5_000 });
      return true;
    };
    await until("the notebook editor", open, { timeout: START_LIMIT });
  }

  async run(command: string): Promise<void> {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget input").first();
    await input.waitFor({ state: "visible" });
    await input.fill(`>${command}`);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: command }).first().waitFor();
    await this.page.keyboard.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  async screenshot(file: string): Promise<void> {
    mkdirSync(dirname(file), { recursive: true });
    await this.page.screenshot({ path: file });
  }
}

async function centre(target: Locator): Promise<[number, number]> {
  await target.waitFor({ state: "visible" });
  const box = await target.boundingBox();
  if (box === null) throw new Error("the element has no place on the page");
  return [box.x + box.width / 2, box.y + box.height / 2];
}
