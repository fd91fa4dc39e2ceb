import { DataError, formatValue, ValueError } from "@chainrule/core";

/** Whether `bytes` begin with the gzip magic number, 1f 8b. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks gzip data with the platform's own decompressor.
 *
 * Units and ranges: `maxBytes` limits the unpacked size (default 256 MiB): a small file may claim
 * gigabytes, and unpacking stops at the limit.
 * Throws: {@link DataError} when the bytes are not gzip, damaged, cut short, or unpack to more than
 * `maxBytes`.
 *
 * @example
 * await gunzip(new Uint8Array(await (await fetch("t10k-labels-idx1-ubyte.gz")).arrayBuffer()))
 */
export async function gunzip(
  bytes: Uint8Array,
  options: { maxBytes?: number | undefined } = {},
): Promise<Uint8Array> {
  const { maxBytes = 256 * 2 ** 20 } = options;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 0) {
    throw new ValueError("gunzip", "maxBytes must be a whole number", {
      expected: "a whole number ≥ 0",
      got: formatValue(maxBytes),
    });
  }
  if (!isGzip(bytes)) {
    throw new DataError("gunzip", "the bytes must be gzip data", {
      expected: "1f 8b at the start",
      got: `${bytes.length} bytes that begin otherwise`,
    });
  }
  const unpacked = new Response(bytes.slice()).body?.pipeThrough(new DecompressionStream("gzip"));
  try {
    return await readStream("gunzip", unpacked, maxBytes);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError("gunzip", "the gzip data must be whole", {
      expected: "data that unpacks to its end",
      got: error instanceof Error ? error.message : String(error),
      fix: "The file is damaged or cut short: fetch it again.",
    });
  }
}

/**
 * Reads a stream to its end, but no further than `maxBytes`.
 *
 * Throws: {@link DataError} when the stream holds more.
 */
export async function readStream(
  op: string,
  stream: ReadableStream<Uint8Array> | null | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream?.getReader();
  for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
    length += chunk.value.length;
    if (length > maxBytes) {
      await reader?.cancel();
      throw new DataError(op, "the data must stay within the size limit", {
        expected: `at most ${maxBytes} bytes`,
        got: "more",
        fix: "If the source is to be trusted, raise maxBytes.",
      });
    }
    chunks.push(chunk.value);
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
