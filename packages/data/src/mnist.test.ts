import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DataError, ValueError } from "@chainrule/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mnist as mnistFromUrl } from "./mnist.js";
import { mnist } from "./node.js";

/** Files in the layout of MNIST with `count` images: image i is filled with i, its label is i % 10. */
function smallFiles(count: number): Map<string, Uint8Array> {
  const images = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28]);
  const pixels = Uint8Array.from({ length: count * 784 }, (_, i) => Math.floor(i / 784));
  const labels = Uint8Array.from([
    0,
    0,
    8,
    1,
    0,
    0,
    0,
    count,
    ...Array.from({ length: count }, (_, i) => i % 10),
  ]);
  const both = Uint8Array.from([...images, ...pixels]);
  return new Map(
    ["train", "t10k"].flatMap((stem): [string, Uint8Array][] => [
      [`${stem}-images-idx3-ubyte`, both],
      [`${stem}-labels-idx1-ubyte`, labels],
    ]),
  );
}

/** A server of `files` that notes what it was asked. */
function server(files: ReadonlyMap<string, Uint8Array>) {
  const asked: string[] = [];
  const fetch = async (url: string): Promise<Response> => {
    asked.push(url);
    const file = files.get(url.slice(url.lastIndexOf("/") + 1));
    return file === undefined ? new Response("no", { status: 404 }) : new Response(file.slice());
  };
  return { asked, fetch };
}

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "chainrule-data-"));
  for (const [name, bytes] of smallFiles(12))
    await writeFile(join(dir, `${name}.gz`), gzipSync(bytes));
});
afterAll(() => rm(dir, { recursive: true }));

describe("mnist", () => {
  it("reads the installed npm package: the published digits, checksums and all", async () => {
    const { train, test } = await mnist();
    expect(train.images.shape).toEqual([60000, 28, 28]);
    expect([...train.labels.data.subarray(0, 10)].join("")).toBe("5041921314");
    expect(test.images.shape).toEqual([10000, 28, 28]);
    expect([...test.labels.data.subarray(0, 10)].join("")).toBe("7210414959");
    const sum = createHash("sha256").update(test.images.data).digest("hex");
    expect(sum).toMatch(/^[0-9a-f]{64}$/);
  });

  it("reads a folder, packed or not", async () => {
    const { train } = await mnist({ dir, verify: false });
    expect(train.images.shape).toEqual([12, 28, 28]);
    expect(train.images.data[784 * 3]).toBe(3);
    expect(train.labels).toEqual({
      data: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1),
      shape: [12],
    });
  });

  it("keeps the first images only, and one part only, when asked", async () => {
    const test = await mnist({ dir, verify: false, split: "test", limit: 5 });
    expect(test.images.shape).toEqual([5, 28, 28]);
    expect(test.labels.data).toEqual(Int32Array.of(0, 1, 2, 3, 4));
    expect((await mnist({ dir, verify: false, limit: 100 })).test.images.shape).toEqual([
      12, 28, 28,
    ]);
  });

  it("names both checksums when a file is not the published one", async () => {
    await expect(mnist({ dir, split: "train" })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[DataError: [mnist] train-images-idx3-ubyte must be the published file: expected SHA-256 ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db, got SHA-256 0a1b6f5ed78b62bfe71b0f42137e856b1cb7242c595186c4980d3d7fd35b1b5a (9424 bytes). It is damaged or another data set: fetch it again, or pass { verify: false } to use it all the same.]`,
    );
  });

  it("says which file is missing", async () => {
    const empty = await mkdtemp(join(tmpdir(), "chainrule-data-"));
    await expect(mnist({ dir: empty })).rejects.toThrow(
      /-images-idx3-ubyte or .*-images-idx3-ubyte.gz/,
    );
    await rm(empty, { recursive: true });
  });

  it("refuses files of other shapes", async () => {
    const files = smallFiles(12);
    const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 3, 4]);
    const { fetch } = server(new Map([...files, ["train-labels-idx1-ubyte", labels]]));
    const read = mnistFromUrl({ url: "https://a.example/m", fetch, verify: false });
    await expect(read).rejects.toThrow(/labels \[2\]/);
  });

  it("downloads from the given url only, packed files first", async () => {
    const { asked, fetch } = server(smallFiles(2));
    const { test } = await mnistFromUrl({
      url: "https://a.example/m/",
      fetch,
      verify: false,
      limit: 1,
    });
    expect(test.images.shape).toEqual([1, 28, 28]);
    expect(asked.slice(0, 2).sort()).toEqual([
      "https://a.example/m/t10k-images-idx3-ubyte.gz",
      "https://a.example/m/train-images-idx3-ubyte.gz",
    ]);
  });

  it("prefers the folder to the url", async () => {
    const { asked, fetch } = server(new Map());
    await mnist({ dir, url: "https://a.example", fetch, verify: false });
    expect(asked).toEqual([]);
  });

  it("tells a refusal and a broken line apart from a missing file", async () => {
    const url = "https://a.example";
    const refuse = async (): Promise<Response> => new Response("", { status: 503 });
    await expect(mnistFromUrl({ url, fetch: refuse })).rejects.toThrow(/status 503/);
    const broken = (): Promise<Response> => Promise.reject(new TypeError("fetch failed"));
    await expect(mnistFromUrl({ url, fetch: broken })).rejects.toThrow(DataError);
    const cut = new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) });
    const reset = async (): Promise<Response> => new Response(cut);
    await expect(mnistFromUrl({ url, fetch: reset, split: "test" })).rejects.toThrow(/got reset/);
    await expect(mnistFromUrl({ url, fetch: server(new Map()).fetch })).rejects.toThrow(/neither/);
  });

  it("refuses a limit that is no number of images", async () => {
    await expect(mnist({ dir, limit: 0 })).rejects.toThrow(ValueError);
    await expect(mnist({ dir, limit: 2.5 })).rejects.toThrow(ValueError);
  });
});
