// Tier 6: reads that are on their way while work goes on, tasks that take turns, backends side by side.

import { assign, type Backend, type Tensor, tensor } from "@chainrule/core";
import {
  call,
  coord,
  type Kernel,
  layout,
  load,
  type Operand,
  operandSpec,
} from "@chainrule/kernel";
import type { Bench, Check } from "../check.js";
import { laterTask } from "../late-reads.js";
import { ledgerOf } from "../ledger.js";
import { ensure } from "../verify.js";
import { picker } from "./random-kernels.js";
import { ensureSameCurve, smallNetwork } from "./small-network.js";

/** The checks of concurrency. */
export function concurrencyChecks(): Check[] {
  return [
    check("a read gives what was there when it was asked for", overwritten),
    check("a read outlives the tensor that it is of", disposed),
    check("a read is not changed by what is assigned after it", assigned),
    check("reads are right through 400 random actions", ({ backend }) => randomly(backend)),
    check("two tasks on one backend take turns", turns),
    check("two backends at once share nothing", sideBySide),
  ];
}

function check(title: string, run: (bench: Bench) => Promise<void>): Check {
  return { id: `concurrency > ${title}`, tier: 6, run };
}

async function ensureRead(
  read: Promise<ArrayLike<number>>,
  expected: readonly number[],
  what: string,
): Promise<void> {
  const got = Array.from(await read);
  ensure(`${got}` === `${expected}`, `${what}: expected ${expected}, got ${got}`);
}

/** y = x + 1 over three elements. */
const flat = layout([3]);
const plusOne: Kernel = {
  name: "plus one",
  outer: 1,
  axes: [{ operand: 1, dim: 0 }],
  inputs: [operandSpec("float32", flat)],
  scalars: [],
  stages: [],
  outputs: [
    { ...operandSpec("float32", flat), value: call("add", load(0, "float32", [coord(0)]), 1) },
  ],
};

async function overwritten({ backend }: Bench): Promise<void> {
  const compiled = backend.compileKernel(plusOne);
  const operand = (buffer: object): Operand => ({
    buffer,
    layout: flat,
    offset: 0,
    dtype: "float32",
  });
  const x = backend.upload(Float32Array.of(1, 2, 3), "float32");
  const y = backend.allocate(3, "float32");
  const first = backend.read(x, 0, 3);
  compiled.run([operand(x)], [], [operand(y)]);
  const second = backend.read(y, 0, 3);
  backend.write(x, 1, Float32Array.of(7, 8));
  const third = backend.read(x, 0, 2);
  compiled.run([operand(x)], [], [operand(y)]);
  const fourth = backend.read(y, 1, 2);
  backend.write(y, 0, Float32Array.of(0, 0, 0));
  await ensureRead(first, [1, 2, 3], "read before a write");
  await ensureRead(second, [2, 3, 4], "read before a kernel runs again");
  await ensureRead(third, [1, 7], "read after a write");
  await ensureRead(fourth, [8, 9], "read after a kernel ran again");
  for (const handle of [x, y]) backend.free(handle);
}

async function disposed({ backend }: Bench): Promise<void> {
  const reads: [Promise<ArrayLike<number>>, number[]][] = [];
  for (let i = 0; i < 40; i++) {
    const x = tensor(Float32Array.of(i, 2, 3, 4, 5, 6), { shape: [2, 3], backend });
    const view = x.T;
    reads.push([x.data(), [i, 2, 3, 4, 5, 6]], [view.data(), [i, 4, 2, 5, 3, 6]]);
    reads.push([x.add(1).data(), [i + 1, 3, 4, 5, 6, 7]]);
    for (const each of [view, x]) each.dispose();
    // Takes the memory again, if it has come back too early.
    tensor(Float32Array.of(-1, -1, -1, -1, -1, -1), { backend }).neg();
  }
  for (const [i, [read, expected]] of reads.entries())
    await ensureRead(read, expected, `read ${i}`);
}

async function assigned({ backend }: Bench): Promise<void> {
  const x = tensor([0, 0], { backend });
  const reads: Promise<ArrayLike<number>>[] = [];
  for (let i = 1; i <= 20; i++) {
    const value = tensor([i, -i], { backend });
    assign(x, value);
    value.dispose();
    reads.push(x.data());
    if (i % 7 === 0) await laterTask();
  }
  for (const [i, read] of reads.entries()) await ensureRead(read, [i + 1, -i - 1], `read ${i}`);
}

/** The elements behind tensors, as they should be. */
interface Cell {
  values: readonly number[];
}

/** A tensor with the places that it sees of its cell. */
interface Live {
  readonly x: Tensor;
  readonly cell: Cell;
  readonly places: readonly number[];
}

async function randomly(own: Backend): Promise<void> {
  const ledger = ledgerOf(own);
  const { backend } = ledger;
  const pick = picker(6);
  const all = [0, 1, 2, 3];
  const live: Live[] = [];
  const reads: [Promise<ArrayLike<number>>, number[]][] = [];
  const valuesOf = ({ cell, places }: Live): number[] => places.map((i) => cell.values[i] ?? 0);
  const add = (x: Tensor, values: readonly number[]): void => {
    live.push({ x, cell: { values }, places: all });
  };
  const make = (n: number): void => {
    const values = all.map((i) => n * i - 3);
    add(tensor(values, { dtype: "int32", backend }), values);
  };
  for (let i = 0; i < 400; i++) {
    if (live.length < 2) make(i);
    const [a, b] = [pick(live), pick(live)];
    switch (pick(["make", "add", "flip", "assign", "dispose", "read", "read", "yield"] as const)) {
      case "make":
        make(i);
        break;
      case "add": {
        const others = valuesOf(b);
        add(
          a.x.add(b.x),
          valuesOf(a).map((n, j) => (n + (others[j] ?? 0)) | 0),
        );
        break;
      }
      case "flip":
        live.push({ ...a, x: a.x.flip(), places: a.places.toReversed() });
        break;
      case "assign": {
        // Only what sees all of its elements in order can be written to.
        if (a.places !== all) break;
        const values = valuesOf(b);
        assign(a.x, b.x);
        a.cell.values = values;
        break;
      }
      case "dispose":
        live.splice(live.indexOf(a), 1);
        a.x.dispose();
        break;
      case "read":
        reads.push([a.x.data(), valuesOf(a)]);
        break;
      default:
        await laterTask();
    }
  }
  for (const { x } of live) x.dispose();
  for (const [i, [read, expected]] of reads.entries())
    await ensureRead(read, expected, `read ${i}`);
  const [fault] = ledger.faults;
  ensure(fault === undefined, `${fault}`);
  ensure(ledger.live() === 0, `${ledger.live()} handles are live after all was disposed`);
}

/** The losses of a network that trains alone. */
async function losses(backend: Backend, seed: number): Promise<number[]> {
  const network = smallNetwork(backend, seed);
  const curve: number[] = [];
  for (let i = 0; i < 4; i++) {
    curve.push(await network.step().item());
  }
  return curve;
}

async function turns({ backend }: Bench): Promise<void> {
  const alone = [await losses(backend, 0), await losses(backend, 5)];
  const together = await Promise.all([losses(backend, 0), losses(backend, 5)]);
  for (const [i, curve] of together.entries()) ensureSameCurve(curve, alone[i] ?? []);
}

async function sideBySide({ backend, make }: Bench): Promise<void> {
  const others = await Promise.all([make(), make()]);
  const alone = [await losses(backend, 0), await losses(backend, 5)];
  const together = others.map((other, i) => smallNetwork(other, 5 * i));
  const curves: Promise<number>[][] = [[], []];
  for (let step = 0; step < 4; step++) {
    for (const [i, network] of together.entries()) curves[i]?.push(network.step().item());
  }
  for (const [i, curve] of curves.entries()) {
    ensureSameCurve(await Promise.all(curve), alone[i] ?? []);
  }
  await Promise.all(others.map((other) => other.close()));
}
