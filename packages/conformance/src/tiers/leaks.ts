// Tier 6: memory comes back. What the engine does with handles is seen in a book that is kept of them;
// what a backend keeps of freed and of forgotten ones, in the memory of the process.

import { assign, type Backend, memory, tensor, trackMemory, zeros } from "@chainrule/core";
import { bytesPerElement, newArray } from "@chainrule/kernel";
import { type Bench, type Check, Skipped } from "../check.js";
import { laterTask } from "../late-reads.js";
import { type Ledger, ledgerOf } from "../ledger.js";
import { ensure } from "../verify.js";
import { settle } from "./collector.js";
import { smallNetwork } from "./small-network.js";

/** The checks of leaks. */
export function leakChecks(): Check[] {
  return [
    check("what a program disposes is freed, once, and not used again", disposing),
    check("buffers that tensors share are freed with the last of them", sharing),
    check("training frees no handle twice and uses none that is freed", training),
    check("training without dispose leaves what is still held", forgetting),
    check("operations, forwards and backwards, read nothing back", reading),
    check("a backend keeps nothing of what it has freed", ({ make }) => keeps(make, "freed")),
    check("a backend keeps nothing that is out of reach", ({ make }) => keeps(make, "forgotten")),
    check("a closed backend keeps nothing", ({ make }) => keeps(make, "closed")),
  ];
}

function check(title: string, run: (bench: Bench) => void | Promise<void>): Check {
  return { id: `leaks > ${title}`, tier: 6, run };
}

/** Throws unless `ledger` is without faults and as many handles are live as should be. */
function ensureBalanced(ledger: Ledger, live: number): void {
  const [fault] = ledger.faults;
  ensure(fault === undefined, `${fault}`);
  ensure(ledger.live() === live, `expected ${live} live handles, got ${ledger.live()}`);
}

async function disposing({ backend: own }: Bench): Promise<void> {
  const ledger = ledgerOf(own);
  const { backend } = ledger;
  for (let round = 0; round < 5; round++) {
    const x = tensor(
      [
        [1, -2, 3],
        [4, 5, -6],
      ],
      { backend },
    );
    const [view, flipped] = [x.T, x.flip()];
    const product = x.matmul(view);
    const results = [product, x.add(1), x.relu(), x.sum(0), view.reshape([6]), flipped.copy()];
    // Of a view a copy is read, which is nobody else's.
    await view.data();
    for (const each of [view, flipped, ...results]) each.dispose();
    x.dispose();
    x.dispose();
    ensureBalanced(ledger, 0);
  }
}

async function sharing({ backend: own }: Bench): Promise<void> {
  const ledger = ledgerOf(own);
  const { backend } = ledger;
  const [a, b] = [zeros([2], { backend }), zeros([2], { backend })];
  const value = tensor([1, 2], { backend });
  for (const target of [a, b, a]) assign(target, value);
  ensureBalanced(ledger, 1);
  value.dispose();
  const other = a.mul(2);
  assign(a, other);
  other.dispose();
  ensureBalanced(ledger, 2);
  const [onA, onB] = [a.data(), b.data()];
  for (const target of [a, b]) target.dispose();
  ensure(`${await onA} ${await onB}` === "2,4 1,2", "a read on its way lost its elements");
  ensureBalanced(ledger, 0);
}

function training({ backend }: Bench): void {
  const ledger = ledgerOf(backend);
  const network = smallNetwork(ledger.backend);
  for (let i = 0; i < 5; i++) network.step().dispose();
  for (const parameter of network.parameters) parameter.dispose();
  const [fault] = ledger.faults;
  ensure(fault === undefined, `${fault}`);
}

async function reading({ backend }: Bench): Promise<void> {
  const ledger = ledgerOf(backend);
  const network = smallNetwork(ledger.backend);
  network.step();
  const loss = network.step();
  ensure(ledger.reads() === 0, `two training steps read ${ledger.reads()} times`);
  await loss.item();
  ensure(ledger.reads() === 1, `one number was read ${ledger.reads()} times`);
}

async function forgetting({ backend }: Bench): Promise<void> {
  const { tracking } = memory();
  trackMemory(true);
  try {
    const { parameters, step } = smallNetwork(backend);
    for (let i = 0; i < 20; i++) {
      await step().item();
    }
    const held = parameters.length;
    await settle(() => memory().storages <= held);
    const { storages } = memory();
    ensure(storages === held, `expected ${held} live arrays after 20 steps, got ${storages}`);
  } finally {
    trackMemory(tracking);
  }
}

/** How much is given, in blocks of 4 MiB, and how much may stay: backends keep some for later. */
const given = 2 ** 28;
const block = 2 ** 22;
const keepable = 2 ** 26 + 2 ** 25;

async function keeps(
  make: () => Promise<Backend>,
  way: "freed" | "forgotten" | "closed",
): Promise<void> {
  if (bytesInUse() === undefined) {
    throw new Skipped("the environment does not say how much memory is in use");
  }
  for (const source of ["upload", "allocate"] as const) {
    const backend = await make();
    await settle(() => false);
    const before = bytesInUse() ?? 0;
    const kept = (): number => (bytesInUse() ?? 0) - before;
    await take(backend, source, way);
    await settle(() => kept() < keepable);
    const message = `of ${given >> 20} MiB by ${source}, ${kept() >> 20} MiB are still in use`;
    ensure(kept() < keepable, message);
    if (way !== "closed") await backend.close();
  }
}

/** Takes memory and lets go of it. */
async function take(
  backend: Backend,
  source: "upload" | "allocate",
  way: "freed" | "forgotten" | "closed",
): Promise<void> {
  const { dtypes } = backend.capabilities;
  const handles: object[] = [];
  for (let i = 0; i * block < given; i++) {
    const dtype = dtypes[i % dtypes.length] ?? "float32";
    const length = block / bytesPerElement(dtype);
    const handle =
      source === "upload"
        ? backend.upload(newArray(dtype, length), dtype)
        : backend.allocate(length, dtype);
    if (way === "freed") backend.free(handle);
    if (way === "closed") handles.push(handle);
    // Collectors report between tasks.
    await laterTask();
  }
  if (way === "closed") await backend.close();
}

/** The bytes of all arrays, where the environment says so: Node. */
function bytesInUse(): number | undefined {
  return globalThis.process?.memoryUsage?.().arrayBuffers;
}
