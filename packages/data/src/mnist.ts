// The MNIST digits: 60,000 + 10,000 grey images of 28 × 28 with labels 0 to 9. The images are not part
// of this package: they come from files or a server that the caller names.
// Source: LeCun, Cortes, Burges, http://yann.lecun.com/exdb/mnist/.

import { DataError, formatShape, formatValue, ValueError } from "@chainrule/core";
import { gunzip, isGzip, readStream } from "./gunzip.js";
import type { HostArray } from "./host-array.js";
import { readIdx } from "./idx.js";

/** Which part of the data: 60,000 training images or 10,000 test images. */
export type MnistSplit = "train" | "test";

/** Images with the digit that each shows. */
export interface LabelledImages {
  /** Grey levels 0 (background) to 255, [n, 28, 28]. */
  readonly images: HostArray<Uint8Array>;
  /** The digits 0 to 9, [n]. */
  readonly labels: HostArray<Int32Array>;
}

/** Both parts. */
export interface Mnist {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/** What to read, and how carefully. */
export interface MnistReadOptions {
  /** Read only this part. */
  readonly split?: MnistSplit | undefined;
  /** Keep only the first `limit` images of each part. */
  readonly limit?: number | undefined;
  /** Compare the files with the published ones by SHA-256 (default true). */
  readonly verify?: boolean | undefined;
}

/** Where {@link mnist} downloads from. */
export interface MnistUrlOptions extends MnistReadOptions {
  /** The folder that holds the four files, packed (.gz) or not. */
  readonly url: string | URL;
  /** The function that downloads (default: the platform's `fetch`). */
  readonly fetch?: ((url: string) => Promise<Response>) | undefined;
}

/** Where the four files are. */
export interface MnistSource {
  /** The place as it stands in messages, e.g. a path. */
  readonly place: string;
  /** Finds a file by its name, packed or not; `undefined` when there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
}

/** More than any of the files, packed or not: what is longer is something else. */
export const mnistMaxBytes: number = 64 * 2 ** 20;

// The unpacked files of the original distribution.
const sha256: ReadonlyMap<string, string> = new Map([
  ["train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"],
  ["train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"],
  ["t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"],
  ["t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"],
]);

/**
 * Downloads the MNIST digits from a server that you name. In Node, `@chainrule/data/node` has the same
 * function for local files.
 *
 * Throws: {@link DataError} when a file is missing, damaged, or not the published one;
 * {@link ValueError} for options out of range.
 *
 * @example
 * const { train, test } = await mnist({ url: "/data/mnist" });
 * train.images.shape // => [60000, 28, 28]
 */
export function mnist(options: MnistUrlOptions & { split: MnistSplit }): Promise<LabelledImages>;
export function mnist(options: MnistUrlOptions): Promise<Mnist>;
export function mnist(options: MnistUrlOptions): Promise<Mnist | LabelledImages> {
  return readMnist(downloadFrom(options.url, options.fetch), options);
}

/** Reads the digits from a source of your own, e.g. files that were dropped on a page. */
export async function readMnist(
  source: MnistSource,
  options: MnistReadOptions,
): Promise<Mnist | LabelledImages> {
  const { split, limit, verify = true } = options;
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0)) {
    throw new ValueError("mnist", "limit must be a whole number of images", {
      expected: "a whole number ≥ 1",
      got: formatValue(limit),
    });
  }
  if (split !== undefined && split !== "train" && split !== "test") {
    throw new ValueError("mnist", "split must name a part of the data", {
      expected: '"train" or "test"',
      got: formatValue(split),
    });
  }
  if (split !== undefined) return readSplit(source, split, limit, verify);
  const [train, test] = await Promise.all([
    readSplit(source, "train", limit, verify),
    readSplit(source, "test", limit, verify),
  ]);
  return { train, test };
}

/** Reads files from below `url` by name; the packed form is asked for first, it is smaller. */
export function downloadFrom(
  url: string | URL,
  fetchFile: (url: string) => Promise<Response> = (address) => fetch(address),
): MnistSource {
  const place = String(url).replace(/\/$/, "");
  const read = async (name: string): Promise<Uint8Array | undefined> => {
    for (const address of [`${place}/${name}.gz`, `${place}/${name}`]) {
      const failed = (error: unknown): never => {
        if (error instanceof DataError) throw error;
        throw notDownloaded(address, error instanceof Error ? error.message : String(error));
      };
      const response = await fetchFile(address).catch(failed);
      if (response.ok) return readStream("mnist", response.body, mnistMaxBytes).catch(failed);
      await response.body?.cancel();
      if (response.status !== 404) throw notDownloaded(address, `status ${response.status}`);
    }
    return undefined;
  };
  return { place, read };
}

function notDownloaded(address: string, reason: string): DataError {
  return new DataError("mnist", "the file must be downloadable", {
    expected: `an answer from ${address}`,
    got: reason,
    fix: "Check the url and the network, or give a local folder with `dir`.",
  });
}

async function readSplit(
  source: MnistSource,
  split: MnistSplit,
  limit: number | undefined,
  verify: boolean,
): Promise<LabelledImages> {
  const stem = split === "train" ? "train" : "t10k";
  const images = readIdx(await readChecked(source, `${stem}-images-idx3-ubyte`, verify));
  const labels = readIdx(await readChecked(source, `${stem}-labels-idx1-ubyte`, verify));
  const [count = 0, ...size] = images.shape;
  const fits = size.join() === "28,28" && labels.shape.join() === String(count);
  if (!fits || !(images.data instanceof Uint8Array) || !holdsDigits(labels.data)) {
    throw new DataError("mnist", `the ${split} files must hold digits`, {
      expected: "uint8 images [n, 28, 28] and labels 0 to 9 [n]",
      got: `images ${formatShape(images.shape)} and labels ${formatShape(labels.shape)}`,
      fix: "These are other data: check the file names.",
    });
  }
  const kept = Math.min(count, limit ?? count);
  return {
    images: { data: images.data.subarray(0, kept * 28 * 28), shape: [kept, 28, 28] },
    labels: { data: Int32Array.from(labels.data.subarray(0, kept)), shape: [kept] },
  };
}

function holdsDigits(labels: Iterable<number>): boolean {
  for (const label of labels) if (!(label >= 0 && label <= 9)) return false;
  return true;
}

async function readChecked(
  source: MnistSource,
  name: string,
  verify: boolean,
): Promise<Uint8Array> {
  const found = await source.read(name);
  if (found === undefined) {
    throw new DataError("mnist", "all four files must be there", {
      expected: `${name} or ${name}.gz in ${source.place}`,
      got: "neither",
      fix: "Put the four files of the distribution there, or name the place where they are.",
    });
  }
  const bytes = isGzip(found) ? await gunzip(found, { maxBytes: mnistMaxBytes }) : found;
  if (verify) await checkSum(name, bytes);
  return bytes;
}

async function checkSum(name: string, bytes: Uint8Array): Promise<void> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new DataError("mnist", "checksums need Web Crypto", {
      expected: "crypto.subtle, which browsers offer on https and localhost only",
      got: "none",
      fix: "Serve the page over https, or pass { verify: false }.",
    });
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
  const got = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (got === sha256.get(name)) return;
  throw new DataError("mnist", `${name} must be the published file`, {
    expected: `SHA-256 ${sha256.get(name)}`,
    got: `SHA-256 ${got} (${bytes.length} bytes)`,
    fix: "It is damaged or another data set: fetch it again, or pass { verify: false } to use it all the same.",
  });
}
