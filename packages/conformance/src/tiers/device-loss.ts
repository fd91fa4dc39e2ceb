// Tier 6: the end of a backend, by close() or because its device went away: errors, never numbers.

import { type Backend, type LostInfo, tensor } from "@chainrule/core";
import { type Bench, type Check, Skipped } from "../check.js";
import { thrownBy } from "../elementwise/checks.js";
import { laterTask } from "../late-reads.js";
import { ensure } from "../verify.js";
import { ensureClear } from "./storage.js";

/** The checks of device loss. */
export function deviceLossChecks(): Check[] {
  return [
    check("lost is pending while the device is there", ({ backend }) => pending(backend)),
    check("close() leaves lost pending or gives a reason", closed),
    check("reads on their way come to an end when the backend is closed", closedWhileReading),
    lossCheck("lost gives the reason", reason),
    lossCheck("nothing gives a number any more", noNumbers),
    lossCheck("reads on their way give the right numbers or none", lostWhileReading),
    lossCheck("the backend can be closed, and another one made", another),
  ];
}

function check(title: string, run: (bench: Bench) => Promise<void>): Check {
  return { id: `device loss > ${title}`, tier: 6, run };
}

/** A check on a backend of its own, whose device it may make go away. */
function lossCheck(
  title: string,
  run: (backend: Backend, lose: () => Promise<void>, bench: Bench) => Promise<void>,
): Check {
  return check(title, async (bench) => {
    const { loseDevice } = bench;
    if (loseDevice === undefined) {
      throw new Skipped("nothing says how to make the device go away: see loseDevice");
    }
    const backend = await bench.make();
    await run(backend, async () => loseDevice(backend), bench);
  });
}

/** Whether `lost` has resolved by now. Throws unless it did so with a reason. */
async function isLost({ lost }: Backend): Promise<boolean> {
  ensure(lost instanceof Promise, "lost must be a promise");
  const settled = lost.then(ensureReason);
  const pending = Symbol();
  const later = laterTask()
    .then(laterTask)
    .then(() => pending);
  return (await Promise.race([settled, later])) !== pending;
}

function ensureReason(info: LostInfo): void {
  const isText = typeof info?.reason === "string" && info.reason !== "";
  ensure(isText, `expected { reason: "…" }, got ${JSON.stringify(info)}`);
}

async function pending(backend: Backend): Promise<void> {
  await tensor([1], { backend }).add(1).data();
  ensure(!(await isLost(backend)), "lost has resolved");
}

async function closed({ make }: Bench): Promise<void> {
  const backend = await make();
  await backend.close();
  await isLost(backend);
}

/** Throws unless each of `reads` of 1, 2, 3 resolves to that, or rejects. */
async function ensureRightOrNone(reads: readonly Promise<ArrayLike<number>>[]): Promise<void> {
  for (const read of await Promise.allSettled(reads)) {
    const got = read.status === "fulfilled" ? `${Array.from(read.value)}` : undefined;
    ensure(got === undefined || got === "1,2,3", `expected 1,2,3 or an error, got ${got}`);
  }
}

function readsOnTheirWay(backend: Backend): Promise<ArrayLike<number>>[] {
  const x = tensor([1, 2, 3], { backend });
  return [x.data(), x.mul(1).data(), x.flip().flip().data()];
}

async function closedWhileReading({ make }: Bench): Promise<void> {
  const backend = await make();
  const reads = readsOnTheirWay(backend);
  await backend.close();
  await ensureRightOrNone(reads);
}

async function lostWhileReading(backend: Backend, lose: () => Promise<void>): Promise<void> {
  const reads = readsOnTheirWay(backend);
  await lose();
  await ensureRightOrNone(reads);
}

async function reason(backend: Backend, lose: () => Promise<void>): Promise<void> {
  await lose();
  ensureReason(await backend.lost);
}

async function noNumbers(backend: Backend, lose: () => Promise<void>): Promise<void> {
  const x = tensor([1, 2, 3], { backend });
  const sum = x.add(1);
  await x.data();
  await lose();
  for (const [title, use] of [
    ["an array from before", async () => x.data()],
    ["a result from before", async () => sum.data()],
    ["an operation", async () => x.add(1).data()],
    ["a new operation", async () => x.exp().sum().item()],
    ["a new array", async () => tensor([4], { backend }).data()],
  ] as const) {
    ensureClear(await thrownBy(use), `reading ${title} after the device is lost`);
  }
}

async function another(
  backend: Backend,
  lose: () => Promise<void>,
  { make }: Bench,
): Promise<void> {
  await lose();
  await backend.close();
  const other = await make();
  const got = await tensor([1], { backend: other }).add(1).item();
  ensure(got === 2, `expected 2 from a new backend, got ${got}`);
  await other.close();
}
