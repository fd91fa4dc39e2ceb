// Tier 0: memory is given, written, read and given back, and the backend says truly what it can do.

import { type Backend, contractVersion, DisposedError, tensor } from "@chainrule/core";
import { type DType, newArray, type TypedArray } from "@chainrule/kernel";
import type { Bench, Check, Needs } from "../check.js";
import { ensureThrows } from "../elementwise/checks.js";
import { ensure } from "../verify.js";

const dtypes: readonly DType[] = ["float32", "float64", "float16", "int32", "uint8", "bool"];
const patterns: Readonly<Record<DType, readonly number[]>> = {
  float32: [0, -0, 1.5, -2.25, 3.4028234663852886e38, 1e-45, Infinity, -Infinity, Number.NaN],
  float64: [0, -0, Math.PI, -1e300, 5e-324, Infinity, -Infinity, Number.NaN, 2 ** 53],
  float16: [0, 0x8000, 0x3c00, 0x7bff, 0x7c00, 0x7e00, 1],
  int32: [0, 1, -1, 2147483647, -2147483648, 77],
  uint8: [0, 1, 127, 128, 255],
  bool: [0, 1, 1, 0, 1],
};

/** The checks of tier 0. */
export function storageChecks(): Check[] {
  return [
    ...dtypes.flatMap(dtypeChecks),
    check("contract version", ({ backend }) => {
      ensure(
        backend.contract === contractVersion,
        `expected ${contractVersion}, got ${backend.contract}`,
      );
    }),
    check("capabilities are complete", ({ backend }) => checkCapabilities(backend)),
    check("info() describes the backend", ({ backend }) => checkInfo(backend)),
    check("ready() resolves", ({ backend }) => backend.ready()),
    check("many arrays keep their elements", ({ backend }) => manyArrays(backend)),
    check("live arrays share no memory", ({ backend }) => apart(backend)),
    check("freed memory can be had again", memoryReturns),
    check("a freed array does not disturb the others", ({ backend }) => freeAmongOthers(backend)),
    check("a disposed tensor is refused", disposedRefuses),
    check("a closed backend refuses work", closedRefuses),
    check("closing one backend leaves another working", closedLeavesOthers),
  ];
}

function check(title: string, run: (bench: Bench) => void | Promise<void>, needs?: Needs): Check {
  const id = `storage > ${title}`;
  return { id, tier: 0, run, ...(needs === undefined ? {} : { needs }) };
}

function dtypeChecks(dtype: DType): Check[] {
  const pattern = (): TypedArray => filled(dtype, patterns[dtype]);
  const of = (
    title: string,
    run: (backend: Backend) => void | Promise<void>,
    needs: Needs = {},
  ): Check =>
    check(`${dtype} > ${title}`, ({ backend }) => run(backend), { dtypes: [dtype], ...needs });
  return [
    of("reads back what was uploaded", async (backend) => {
      const handle = backend.upload(pattern(), dtype);
      same(await backend.read(handle, 0, pattern().length), pattern());
      backend.free(handle);
    }),
    of("reads a part", async (backend) => {
      const handle = backend.upload(pattern(), dtype);
      same(await backend.read(handle, 2, 3), pattern().slice(2, 5));
    }),
    of("writes at an offset", async (backend) => {
      const handle = backend.upload(filled(dtype, [0, 0, 0, 0, 0]), dtype);
      backend.write(handle, 1, filled(dtype, [1, 1]));
      same(await backend.read(handle, 0, 5), filled(dtype, [0, 1, 1, 0, 0]));
    }),
    of("fills what was allocated", async (backend) => {
      const handle = backend.allocate(pattern().length, dtype);
      backend.write(handle, 0, pattern());
      same(await backend.read(handle, 0, pattern().length), pattern());
    }),
    of("upload copies", async (backend) => {
      const source = filled(dtype, [1, 0, 1]);
      const handle = backend.upload(source, dtype);
      source.fill(0);
      same(await backend.read(handle, 0, 3), filled(dtype, [1, 0, 1]));
    }),
    of("write copies", async (backend) => {
      const handle = backend.allocate(2, dtype);
      const source = filled(dtype, [1, 1]);
      backend.write(handle, 0, source);
      source.fill(0);
      same(await backend.read(handle, 0, 2), filled(dtype, [1, 1]));
    }),
    of("read copies", async (backend) => {
      const handle = backend.upload(filled(dtype, [1, 1]), dtype);
      (await backend.read(handle, 0, 2)).fill(0);
      same(await backend.read(handle, 0, 2), filled(dtype, [1, 1]));
    }),
    of("holds arrays without elements", async (backend) => {
      const empty = backend.upload(newArray(dtype, 0), dtype);
      backend.write(empty, 0, newArray(dtype, 0));
      ensure((await backend.read(empty, 0, 0)).length === 0, "expected no elements");
      backend.free(empty);
      backend.free(backend.allocate(0, dtype));
    }),
    of(
      "readSync agrees with read",
      async (backend) => {
        const handle = backend.upload(pattern(), dtype);
        const atOnce = backend.readSync?.(handle, 1, 3);
        ensure(atOnce !== undefined, "capabilities.syncRead is true but readSync is missing");
        same(atOnce, await backend.read(handle, 1, 3));
      },
      { syncRead: true },
    ),
  ];
}

function checkCapabilities({ capabilities, readSync }: Backend): void {
  const { dtypes: has, syncRead, maxBufferBytes } = capabilities;
  for (const dtype of ["float32", "int32", "uint8", "bool"] as const) {
    ensure(has.includes(dtype), `every backend must have ${dtype}, this one has ${has.join()}`);
  }
  ensure(
    has.every((each) => dtypes.includes(each)),
    `unknown dtype among ${has.join()}`,
  );
  ensure(syncRead === (readSync !== undefined), "readSync must be there exactly with syncRead");
  ensure(maxBufferBytes >= 2 ** 20, `maxBufferBytes is ${maxBufferBytes}, expected 1 MiB or more`);
}

function checkInfo(backend: Backend): void {
  const info = backend.info();
  ensure(info.name === backend.name, `info().name is "${info.name}", name is "${backend.name}"`);
  ensure(info.device.length > 0, "info().device is empty");
  ensure(Number.isInteger(info.threads) && info.threads >= 1, `info().threads is ${info.threads}`);
  ensure(
    info.hostRoutines.length === 0 || backend.capabilities.syncRead,
    "routines on the host need syncRead",
  );
}

async function manyArrays(backend: Backend): Promise<void> {
  const handles = Array.from({ length: 50 }, (_, i) =>
    backend.upload(filled("int32", [i, i + 1, i + 2]), "int32"),
  );
  for (const [i, handle] of handles.entries()) {
    same(await backend.read(handle, 0, 3), filled("int32", [i, i + 1, i + 2]));
  }
  for (const handle of handles) backend.free(handle);
}

async function apart(backend: Backend): Promise<void> {
  const handles = [1, 2, 3].map(() => backend.allocate(4, "int32"));
  for (const [i, handle] of handles.entries()) {
    backend.write(handle, 0, filled("int32", [i, i, i, i]));
  }
  for (const [i, handle] of handles.entries()) {
    same(await backend.read(handle, 0, 4), filled("int32", [i, i, i, i]));
    backend.free(handle);
  }
}

/** Takes and frees 5 GiB in all: more than 32 bits address, and than small devices have. */
async function memoryReturns({ make }: Bench): Promise<void> {
  const backend = await make();
  const block = Math.min(backend.capabilities.maxBufferBytes, 2 ** 24);
  for (let taken = 0; taken < 5 * 2 ** 30; taken += block) {
    backend.free(backend.allocate(block / 4, "int32"));
    // Devices may keep what is freed until the work before that is done.
    if (taken % 2 ** 28 < block) await backend.ready();
  }
  await backend.close();
}

async function freeAmongOthers(backend: Backend): Promise<void> {
  const [a, b, c] = [1, 2, 3].map((x) => backend.upload(filled("float32", [x, x]), "float32"));
  if (a === undefined || b === undefined || c === undefined) return;
  backend.free(b);
  const d = backend.upload(filled("float32", [4, 4]), "float32");
  same(await backend.read(a, 0, 2), filled("float32", [1, 1]));
  same(await backend.read(c, 0, 2), filled("float32", [3, 3]));
  same(await backend.read(d, 0, 2), filled("float32", [4, 4]));
}

/** Backends never see a freed handle again: core refuses first. */
async function disposedRefuses({ backend }: Bench): Promise<void> {
  const x = tensor([1, 2], { backend });
  const view = x.at(0);
  x.dispose();
  ensure((await view.item()) === 1, "a view must outlive the tensor it was taken of");
  view.dispose();
  await ensureThrows(() => x.add(1), DisposedError, "add");
  await ensureThrows(() => x.data(), DisposedError);
}

async function closedRefuses({ make }: Bench): Promise<void> {
  const backend = await make();
  const handle = backend.upload(filled("float32", [1]), "float32");
  await backend.close();
  for (const [title, use] of [
    ["allocate", () => backend.allocate(1, "float32")],
    ["upload", () => backend.upload(filled("float32", [1]), "float32")],
    ["write", () => backend.write(handle, 0, filled("float32", [1]))],
    ["read", () => backend.read(handle, 0, 1)],
  ] as const) {
    ensure(await fails(use), `${title} must throw after close()`);
  }
}

async function closedLeavesOthers({ backend, make }: Bench): Promise<void> {
  const handle = backend.upload(filled("float32", [5]), "float32");
  await (await make()).close();
  same(await backend.read(handle, 0, 1), filled("float32", [5]));
}

async function fails(use: () => unknown): Promise<boolean> {
  try {
    await use();
    return false;
  } catch {
    return true;
  }
}

function filled(dtype: DType, values: readonly number[]): TypedArray {
  const data = newArray(dtype, values.length);
  data.set(values);
  return data;
}

function same(got: TypedArray, expected: TypedArray): void {
  ensure(
    got.constructor === expected.constructor,
    `expected a ${expected.constructor.name}, got a ${got.constructor.name}`,
  );
  ensure(got.length === expected.length, `expected ${expected.length} elements, got ${got.length}`);
  for (const [i, x] of expected.entries()) {
    ensure(Object.is(got[i], x), `element ${i}: expected ${x}, got ${got[i]}`);
  }
}
