// Which browser the tests run in: the machine's own. None is ever downloaded.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where a Chromium is, or what was looked for and how to get one. */
export type Found = { readonly path: string } | { readonly missing: string };

/** Looks where `CHROMIUM_PATH` says; without it for the usual names on the `PATH`. */
export function findChromium({ CHROMIUM_PATH: chosen, PATH = "" }: NodeJS.ProcessEnv): Found {
  const folders = PATH.split(delimiter).filter((folder) => folder !== "");
  const candidates = chosen
    ? [chosen]
    : folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const path = candidates.find(isExecutable);
  if (path !== undefined) return { path };
  const lookedFor = chosen ? `CHROMIUM_PATH=${chosen}` : `${names.join(", ")} on the PATH`;
  return {
    missing: `no browser found: looked for ${lookedFor}. Install Chromium (Debian: apt-get install chromium) or set CHROMIUM_PATH.`,
  };
}

/** What Playwright starts it with: WebGL2 and WebGPU computed in software, and no network of its own. */
export function launchOptions(executablePath: string): { executablePath: string; args: string[] } {
  const args = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--enable-features=Vulkan",
    "--enable-unsafe-swiftshader",
    "--enable-unsafe-webgpu",
    "--use-angle=swiftshader",
    "--use-webgpu-adapter=swiftshader",
  ];
  return { executablePath, args };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
