// Always run, so that a missing browser shows: as a skip, or as a failure where CI is set.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findChromium } from "../chromium.js";

test("a browser is there", (context) => {
  const found = findChromium(process.env);
  if ("missing" in found) {
    if (process.env.CI) throw new Error(found.missing);
    context.skip(found.missing);
  } else {
    const version = execFileSync(found.path, ["--version"], { encoding: "utf8", stdio: "pipe" });
    expect(version).toMatch(/Chrom\w+ \d+/);
  }
});

test("the browser is the first on the PATH, unless CHROMIUM_PATH names one", () => {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-browser-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const at = (name: string): string => join(folder, name);
  writeFileSync(at("chromium"), "", { mode: 0o644 });
  for (const name of ["google-chrome", "mine"]) writeFileSync(at(name), "", { mode: 0o755 });
  const PATH = ["", at("nowhere"), folder].join(delimiter);
  // A file that cannot be run is none.
  expect(findChromium({ PATH })).toEqual({ path: at("google-chrome") });
  expect(findChromium({ PATH, CHROMIUM_PATH: at("mine") })).toEqual({ path: at("mine") });
});

test("what was looked for is said", () => {
  expect(findChromium({ PATH: "/nowhere" })).toEqual({
    missing:
      "no browser found: looked for chromium, chromium-browser, google-chrome, google-chrome-stable on the PATH. " +
      "Install Chromium (Debian: apt-get install chromium) or set CHROMIUM_PATH.",
  });
  expect(findChromium({ PATH: "/usr/bin", CHROMIUM_PATH: "/no/such" })).toEqual({
    missing: expect.stringContaining("looked for CHROMIUM_PATH=/no/such."),
  });
});
