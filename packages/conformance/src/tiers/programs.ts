// Tier 6: compiled functions that are called many times, change what they capture, share it, see it
// move, and whose results are still wanted when they are called again.

import {
  type Backend,
  memory,
  moveTensors,
  type Tensor,
  tensor,
  trackMemory,
  withBackend,
} from "@chainrule/core";
import { type Compiled, compile } from "@chainrule/core/compile";
import { interpreter } from "@chainrule/core/interpreter";
import type { Bench, Check } from "../check.js";
import { ledgerOf } from "../ledger.js";
import { ensure } from "../verify.js";
import { settle } from "./collector.js";
import { ensureSameCurve, networkOf, smallNetwork } from "./small-network.js";

/** The checks of programs. */
export function programChecks(): Check[] {
  return [
    check("many steps hold no more than two, and all comes back", balance),
    check("many steps leave what is still held", forgetting),
    check("results stay what they were when the function is called again", results),
    check("a result is read while the function is called again", reading),
    check("one for each shape take turns", shapes),
    check("two functions share a model", sharing),
    check("training goes on when the model has moved to another backend and back", moving),
  ];
}

function check(title: string, run: (bench: Bench) => Promise<void>): Check {
  return { id: `programs > ${title}`, tier: 6, run };
}

/** `fn` on `backend`, where nothing among its arguments says where it is. */
function compiledOn<R>(backend: Backend, fn: () => R): Compiled<() => R> {
  const program = compile(fn, { warn: () => {} });
  return Object.assign(() => withBackend(backend, program), program);
}

async function balance({ backend }: Bench): Promise<void> {
  const ledger = ledgerOf(backend);
  const network = smallNetwork(ledger.backend);
  const step = compiledOn(ledger.backend, network.step);
  for (let i = 0; i < 2; i++) step().dispose();
  const live = ledger.live();
  for (let i = 0; i < 20; i++) step().dispose();
  const [fault] = ledger.faults;
  ensure(fault === undefined, `${fault}`);
  ensure(ledger.live() === live, `${live} handles were live, then ${ledger.live()}`);
  step.dispose();
  for (const parameter of network.parameters) parameter.dispose();
  ensure(ledger.live() === 0, `${ledger.live()} handles are live after all was disposed`);
  ensure(ledger.faults.length === 0, `${ledger.faults[0]}`);
}

async function forgetting({ backend }: Bench): Promise<void> {
  const { tracking } = memory();
  trackMemory(true);
  try {
    const { parameters, step } = smallNetwork(backend);
    const program = compiledOn(backend, step);
    for (let i = 0; i < 20; i++) await program().item();
    const held = parameters.length;
    await settle(() => memory().storages <= held);
    const { storages } = memory();
    ensure(storages === held, `expected ${held} live arrays after 20 steps, got ${storages}`);
    program.dispose();
  } finally {
    trackMemory(tracking);
  }
}

const quiet = { warn: () => {} };

/** [2 n, 3 n]. */
const scaled = (x: Tensor): Tensor => x.mul(tensor([2, 3], { backend: x.backend }));

async function results({ backend }: Bench): Promise<void> {
  const program = compile(scaled, quiet);
  const found = [1, 2, 3].map((n) => program(tensor([n, n], { backend })));
  const read = await Promise.all(found.map((x) => x.data()));
  ensure(read.join(" ") === "2,3 4,6 6,9", `expected 2,3 4,6 6,9, got ${read.join(" ")}`);
  program.dispose();
  const after = `${await found[2]?.data()}`;
  ensure(after === "6,9", `expected 6,9 after dispose(), got ${after}`);
}

async function reading({ backend }: Bench): Promise<void> {
  const program = compile(scaled, quiet);
  const read = [1, 2, 3].map((n) => {
    const result = program(tensor([n, n], { backend }));
    const elements = result.data();
    result.dispose();
    return elements;
  });
  const found = (await Promise.all(read)).join(" ");
  ensure(found === "2,3 4,6 6,9", `expected 2,3 4,6 6,9, got ${found}`);
  program.dispose();
}

async function shapes({ backend }: Bench): Promise<void> {
  const program = compile((x: Tensor) => x.softmax(-1).mul(x).sum(), quiet);
  for (let n = 1; n < 4; n++) {
    for (const shape of [[n], [n, 2], [n]]) {
      const size = shape.reduce((a, b) => a * b);
      const x = tensor(
        Float32Array.from({ length: size }, () => n),
        { shape, backend },
      );
      // The mean of equal numbers, for each row.
      const expected = n * (size / (shape.at(-1) ?? 1));
      const found = await program(x).item();
      ensure(Math.abs(Number(found) - expected) < 1e-5, `expected ${expected}, got ${found}`);
    }
  }
  program.dispose();
}

/** Losses while two functions in turn change and only read the parameters. */
async function sharing({ backend }: Bench): Promise<void> {
  const curve = async (way: <R>(fn: () => R) => () => R): Promise<number[]> => {
    const { parameters, step } = smallNetwork(backend);
    const norms = (): Tensor =>
      parameters.map((x) => x.detach().square().sum()).reduce((a, b) => a.add(b));
    const [down, measure] = [way(step), way(norms)];
    const found: number[] = [];
    for (let i = 0; i < 4; i++) {
      for (const value of [down(), measure()]) found.push(Number(await value.item()));
    }
    return found;
  };
  const programs: Compiled<() => unknown>[] = [];
  const compiled = <R>(fn: () => R): (() => R) => {
    const program = compiledOn(backend, fn);
    programs.push(program);
    return program;
  };
  ensureSameCurve(await curve(compiled), await curve((fn) => fn));
  for (const program of programs) program.dispose();
}

async function moving({ backend }: Bench): Promise<void> {
  const other = interpreter();
  const curve = async (compiled: boolean): Promise<number[]> => {
    const { parameters } = smallNetwork(backend);
    const program = compile(() => networkOf(parameters).step(), quiet);
    const found: number[] = [];
    for (const place of [backend, other, backend]) {
      await moveTensors(parameters, place);
      for (let i = 0; i < 3; i++) {
        const step = compiled ? program : networkOf(parameters).step;
        found.push(Number(await withBackend(place, step).item()));
      }
    }
    program.dispose();
    return found;
  };
  ensureSameCurve(await curve(true), await curve(false));
}
