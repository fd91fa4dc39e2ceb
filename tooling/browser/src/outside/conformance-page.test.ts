// The conformance page, built and served as it would be published, in the machine's Chromium.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Report } from "@chainrule/conformance";
import { type Browser, chromium, type Page } from "playwright";
import { build, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { findChromium, launchOptions } from "../chromium.js";

const found = findChromium(process.env);
const root = fileURLToPath(new URL("../../../../apps/conformance-page", import.meta.url));

describe.skipIf("missing" in found)("the conformance page", () => {
  let browser: Browser;
  let server: PreviewServer;
  let outDir: string;

  beforeAll(async () => {
    outDir = mkdtempSync(join(tmpdir(), "chainrule-page-"));
    const site = { root, logLevel: "error", build: { outDir, emptyOutDir: true } } as const;
    await build(site);
    server = await preview({ ...site, preview: { host: "127.0.0.1", port: 0 } });
    browser = await chromium.launch(launchOptions("path" in found ? found.path : ""));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(outDir, { recursive: true });
  });

  /** The page; `script` is run in it first. */
  async function openPage(script = ""): Promise<Page> {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    onTestFinished(async () => {
      await page.close();
      expect(errors).toEqual([]);
    });
    await page.addInitScript(script);
    await page.goto(server.resolvedUrls?.local[0] ?? "");
    return page;
  }

  const chooseChecks = (page: Page, text: string): Promise<void> =>
    page.getByLabel("Only checks whose name contains").fill(text);
  const press = (page: Page, name: string): Promise<void> =>
    page.getByRole("button", { name }).click();

  /** The closing line, once it is there. */
  async function closingLine(page: Page): Promise<string> {
    const line = page.getByRole("status").filter({ hasText: /./ });
    return (await line.textContent()) ?? "";
  }

  /** The texts of the matrix: rows by operation, cells by column. */
  async function matrix(page: Page): Promise<Record<string, Record<string, string>>> {
    const [head = [], ...rows] = await Promise.all(
      (await page.getByRole("row").all()).map((row) => row.locator("th, td").allTextContents()),
    );
    const named = rows
      .filter((row) => row.length === head.length)
      .map(
        ([op = "", ...cells]) => [op, cells.map((cell, i) => [head[i + 1] ?? "", cell])] as const,
      );
    return Object.fromEntries(named.map(([op, cells]) => [op, Object.fromEntries(cells)]));
  }

  test("runs the chosen checks and shows the matrix", async () => {
    const page = await openPage();
    await chooseChecks(page, "relu");
    await page.keyboard.press("Enter");
    const line = await closingLine(page);
    expect(line).toMatch(/^[1-9]\d* passed, 0 failed, \d+ skipped$/);
    const rows = await matrix(page);
    expect(Object.keys(rows)).not.toContain("tanh");
    expect(rows.relu).toMatchObject({ float32: "ok 0", bool: "ok", failed: "0", "not run": "0" });
    const passed = Object.values(rows).map((row) => Number(row.passed));
    expect(line).toContain(`${passed.reduce((sum, count) => sum + count, 0)} passed`);
    expect(await page.locator("#device").textContent()).toContain("js on cpu");
  });

  test("runs only the chosen tiers, on the chosen backend", async () => {
    const page = await openPage();
    await chooseChecks(page, "softplus");
    const boxes = await page.getByRole("checkbox").all();
    expect(boxes.length).toBeGreaterThan(3);
    for (const box of boxes) await box.uncheck();
    await press(page, "Run");
    expect(await closingLine(page)).toBe("Nothing was run: no check has such a tier and name.");
    expect(await matrix(page)).toEqual({});

    await page.getByLabel("3 gradients").check();
    await page.getByLabel("Backend").selectOption("tfjs (cpu)");
    await press(page, "Run");
    expect(await closingLine(page)).toMatch(/^\d+ passed, 0 failed, \d+ skipped$/);
    expect(Object.keys(await matrix(page))).toEqual(["softplus"]);
    expect(await page.locator("#device").textContent()).toContain("tfjs on TensorFlow.js");
  });

  test("what was not run when it is stopped has not passed", async () => {
    const page = await openPage();
    await press(page, "Run");
    await page.locator("progress:not([value='0'])").waitFor();
    await press(page, "Stop");
    const line = await closingLine(page);
    expect(line).toMatch(/^\d+ passed, 0 failed, \d+ skipped, \d+ not run$/);
    const rows = Object.values(await matrix(page));
    const left = rows.map((row) => Number(row["not run"]));
    expect(line).toContain(`${left.reduce((sum, count) => sum + count, 0)} not run`);
    const untouched = rows.filter(({ passed, skipped }) => passed === "0" && skipped === "0");
    expect(untouched.length).toBeGreaterThan(100);
    expect(
      untouched.flatMap((row) => Object.values(row)).filter((cell) => cell.startsWith("ok")),
    ).toEqual([]);
  });

  test("failures unfold", async () => {
    const page = await openPage("Math.tanh = (x) => x;");
    await chooseChecks(page, "tanh > float32");
    await press(page, "Run");
    expect(await closingLine(page)).toMatch(/^\d+ passed, \d+ failed, 0 skipped$/);
    expect((await matrix(page)).tanh?.float32).toMatch(/^FAIL \d+\/\d+$/);
    const message = page.getByRole("listitem").filter({ hasText: "tanh > float32" }).first();
    expect(await message.isVisible()).toBe(false);
    await page.getByText(/\d+ failed: tanh/).click();
    expect(await message.textContent()).toMatch(/expected .+, got .+/);
    expect(await message.isVisible()).toBe(true);
  });

  test("saves the report as JSON", async () => {
    const page = await openPage();
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await chooseChecks(page, "softplus");
    await press(page, "Run");
    const line = await closingLine(page);
    const download = page.waitForEvent("download");
    await press(page, "Save");
    expect((await download).suggestedFilename()).toBe("conformance-js.json");
    const report = JSON.parse(readFileSync(await (await download).path(), "utf8")) as Report;
    const { backend, passed, failed, skipped, results } = report;
    expect([backend, results.length]).toEqual(["js", passed + failed + skipped]);
    expect(passed).toBeGreaterThan(0);
    expect(`${passed} passed, ${failed} failed, ${skipped} skipped`).toBe(line);
  });

  test("says so when a backend cannot be made", async () => {
    const page = await openPage();
    await page.route("**/assets/*", (route) => route.abort());
    await chooseChecks(page, "relu");
    await press(page, "Run");
    expect(await closingLine(page)).toMatch(/^The run broke off: .*import/);
    expect((await matrix(page)).relu?.passed).toBe("0");
    expect(await page.getByRole("button", { name: "Run" }).isEnabled()).toBe(true);
  });
});
