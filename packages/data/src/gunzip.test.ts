import { gzipSync } from "node:zlib";
import { DataError, ValueError } from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { gunzip, isGzip } from "./gunzip.js";

const bytes = Uint8Array.from({ length: 10_000 }, (_, i) => i % 251);
const packed = new Uint8Array(gzipSync(bytes));

describe("gunzip", () => {
  it("gives back what was packed", async () => {
    expect(isGzip(packed)).toBe(true);
    expect(isGzip(bytes)).toBe(false);
    expect(await gunzip(packed)).toEqual(bytes);
    expect(await gunzip(packed, { maxBytes: bytes.length })).toEqual(bytes);
    expect(await gunzip(new Uint8Array(gzipSync("")))).toEqual(new Uint8Array(0));
  });

  it("stops at the limit instead of filling the memory", async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(20_000_000)));
    expect(bomb.length).toBeLessThan(100_000);
    await expect(gunzip(bomb, { maxBytes: 1000 })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[DataError: [gunzip] the data must stay within the size limit: expected at most 1000 bytes, got more. If the source is to be trusted, raise maxBytes.]`,
    );
  });

  it("refuses data cut short", async () => {
    await expect(gunzip(packed.subarray(0, packed.length / 2))).rejects.toThrow(
      /damaged or cut short/,
    );
    await expect(gunzip(packed.subarray(0, packed.length - 1))).rejects.toThrow(DataError);
    await expect(gunzip(packed.subarray(0, 2))).rejects.toThrow(DataError);
  });

  it("refuses data that was changed", async () => {
    const changed = packed.slice();
    changed[changed.length - 6] = (changed.at(-6) ?? 0) ^ 1; // in the CRC-32
    await expect(gunzip(changed)).rejects.toThrow(DataError);
  });

  it("refuses bytes that are not gzip", async () => {
    await expect(gunzip(bytes)).rejects.toThrow(DataError);
    await expect(gunzip(packed, { maxBytes: -1 })).rejects.toThrow(ValueError);
  });
});
