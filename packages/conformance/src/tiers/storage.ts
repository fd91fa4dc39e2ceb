// Tier 0: memory is given, written, read and given back, and the backend says truly what it can do.

import {
  type Backend,
  BackendError,
  contractVersion,
  DisposedError,
  DTypeError,
  tensor,
  withBackend,
  zeros,
} from "@chainrule/core";
import { type DType, newArray, type TypedArray } from "@chainrule/kernel";
import { viewOf } from "../backend-view.js";
import { type Bench, type Check, type Needs, Skipped } from "../check.js";
import { ensureThrows, thrownBy } from "../elementwise/checks.js";
import { ensure } from "../verify.js";

const dtypes: readonly DType[] = ["float32", "float64", "float16", "int32", "uint8", "bool"];
/** Elements of each dtype as its arrays hold them; those of float16 are bits. */
export const patterns: Readonly<Record<DType, readonly number[]>> = {
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
    check("capabilities are complete", ({ backend }) => checkCapabilities(backend)),
    check("info() describes the backend", ({ backend }) => checkInfo(backend)),
    check("ready() resolves", ({ backend }) => backend.ready()),
    check("many arrays keep their elements", ({ backend }) => manyArrays(backend)),
    check("live arrays share no memory", ({ backend }) => apart(backend)),
    check("freed memory can be had again", memoryReturns),
    check("a freed array does not disturb the others", ({ backend }) => freeAmongOthers(backend)),
    check("a disposed tensor is refused", disposedRefuses),
    check("a closed backend refuses work", closedRefuses),
    check("another version of the contract is refused", otherContract),
    check("a promise of a backend is refused", notAwaited),
    check("dtypes that it lacks are refused by name", lackingDTypes),
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
  ): Check => ({
    ...check(`${dtype} > ${title}`, ({ backend }) => run(backend), { dtypes: [dtype], ...needs }),
    dtype,
  });
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
  const upload = (x: number): object => backend.upload(filled("float32", [x, x]), "float32");
  const [a, b, c] = [upload(1), upload(2), upload(3)];
  backend.free(b);
  const live = [a, c, upload(4), upload(5)];
  for (const [i, x] of [1, 3, 4, 5].entries()) {
    same(await backend.read(live[i] ?? a, 0, 2), filled("float32", [x, x]));
  }
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
  const one = filled("float32", [1]);
  const handle = backend.upload(one, "float32");
  const x = tensor([1, 2], { backend });
  const y = x.add(1);
  await backend.close();
  for (const [title, use] of [
    ["allocate", () => backend.allocate(1, "float32")],
    ["upload", () => backend.upload(one, "float32")],
    ["write", () => backend.write(handle, 0, one)],
    ["read", () => backend.read(handle, 0, 1)],
    ["a new tensor", () => tensor([1], { backend })],
    ["an operation that has been run before", () => x.add(1)],
    ["a new operation", () => x.exp()],
    ["data()", () => x.data()],
    ["ready()", () => backend.ready()],
  ] as const) {
    ensureClear(await thrownBy(use), `${title} after close()`);
  }
  if (backend.readSync !== undefined) {
    ensureClear(await thrownBy(() => x.dataSync()), "dataSync() after close()");
  }
  // What a program lets go of later, in a `finally` say, must not hide the error before it.
  for (const each of [x, y]) each.dispose();
}

/** Throws unless `error` is one that was meant: not the engine's own, as for a property of undefined. */
export function ensureClear(error: unknown, what: string): void {
  ensure(error !== undefined, `${what} must throw`);
  const isOwn = [TypeError, RangeError, ReferenceError, SyntaxError].some(
    (e) => error instanceof e,
  );
  const isClear = error instanceof Error && !isOwn && error.message !== "";
  ensure(isClear, `${what} must throw an error that says why, got ${String(error)}`);
}

async function otherContract({ backend }: Bench): Promise<void> {
  const later = viewOf(backend, { contract: contractVersion + 1 });
  for (const use of [() => setAside(later), () => tensor([1], { backend: later })]) {
    await ensureThrows(use, BackendError);
    const message = String(await thrownBy(use));
    const isClear = [contractVersion, contractVersion + 1].every((n) => message.includes(`${n}`));
    ensure(isClear, `expected both versions to be named, got: ${message}`);
  }
}

async function notAwaited({ backend }: Bench): Promise<void> {
  const promise = Promise.resolve(backend) as unknown as Backend;
  await ensureThrows(() => setAside(promise), BackendError);
  const message = String(await thrownBy(() => setAside(promise)));
  ensure(message.includes("Await"), `expected to be told to await, got: ${message}`);
}

/** Attaches a backend, without making it the one for new tensors. */
function setAside(backend: Backend): void {
  withBackend(backend, () => {});
}

async function lackingDTypes({ backend }: Bench): Promise<void> {
  const lacking = dtypes.filter((each) => !backend.capabilities.dtypes.includes(each));
  if (lacking.length === 0) throw new Skipped("the backend has every dtype");
  const x = tensor([1], { backend });
  for (const dtype of lacking) {
    for (const use of [
      () => zeros([2], { dtype, backend }),
      () => tensor([1], { dtype, backend }),
      () => x.astype(dtype),
    ]) {
      await ensureThrows(use, DTypeError);
      const message = String(await thrownBy(use));
      ensure(message.includes(dtype), `expected ${dtype} to be named, got: ${message}`);
      ensure(message.includes(`"${backend.name}"`), `expected the backend to be named: ${message}`);
    }
  }
}

async function closedLeavesOthers({ backend, make }: Bench): Promise<void> {
  const handle = backend.upload(filled("float32", [5]), "float32");
  await (await make()).close();
  same(await backend.read(handle, 0, 1), filled("float32", [5]));
}

/** An array of `dtype` that holds `values`. */
export function filled(dtype: DType, values: readonly number[]): TypedArray {
  const data = newArray(dtype, values.length);
  data.set(values);
  return data;
}

/** Throws unless two arrays are equal in type, length and every bit but those of NaN. */
export function same(got: TypedArray, expected: TypedArray): void {
  ensure(
    got.constructor === expected.constructor,
    `expected a ${expected.constructor.name}, got a ${got.constructor.name}`,
  );
  ensure(got.length === expected.length, `expected ${expected.length} elements, got ${got.length}`);
  for (const [i, x] of expected.entries()) {
    ensure(Object.is(got[i], x), `element ${i}: expected ${x}, got ${got[i]}`);
  }
}
