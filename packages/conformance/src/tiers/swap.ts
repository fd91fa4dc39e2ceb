// Tier 6: tensors that move between the backend and another one, the shipped interpreter, and back.

import {
  assign,
  type Backend,
  BackendError,
  bernoulli,
  GradientError,
  manualSeed,
  moveTensors,
  rand,
  randint,
  randn,
  randperm,
  type Tensor,
  tensor,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import type { DType } from "@chainrule/kernel";
import type { Bench, Check } from "../check.js";
import { ensureThrows, thrownBy } from "../elementwise/checks.js";
import { ledgerOf } from "../ledger.js";
import { ensure } from "../verify.js";
import { ensureSameCurve, networkOf, smallNetwork } from "./small-network.js";
import { filled, patterns, same } from "./storage.js";

/** The checks of moving between backends. */
export function swapChecks(): Check[] {
  return [
    ...(["float32", "float64", "int32", "uint8", "bool"] as const).map(copyCheck),
    check("views move as what they show", views),
    check("what requires a gradient still does", leaves),
    check("memory moves in place, with views and gradients", inPlace),
    check("what is assigned while it moves is not lost", writtenMeanwhile),
    check("what is disposed while it moves is freed once", disposedMeanwhile),
    check("training goes on with the same losses", training),
    check("backends that are mixed are both named", mixing),
    check("derivatives refuse elements that have moved", movedGraph),
    check("the same seed gives the same bits", seeds),
  ];
}

function check(title: string, run: (bench: Bench) => Promise<void>): Check {
  return { id: `swap > ${title}`, tier: 6, run };
}

function copyCheck(dtype: DType): Check {
  const run = async ({ backend }: Bench): Promise<void> => {
    const data = filled(dtype, patterns[dtype]);
    const other = interpreter();
    const there = await tensor(data, { dtype, backend }).to(other);
    ensure(there.backend === other, "the copy is not on the backend it was sent to");
    same(await there.data(), data);
    same(await (await there.to(backend)).data(), data);
  };
  return {
    id: `swap > ${dtype} > copies are equal to the bit`,
    tier: 6,
    dtype,
    needs: { dtypes: [dtype] },
    run,
  };
}

async function views({ backend }: Bench): Promise<void> {
  const other = interpreter();
  const x = tensor(
    Float32Array.from({ length: 6 }, (_, i) => i),
    { shape: [2, 3], backend },
  );
  for (const view of [x.T, x.flip(), x.at(1), x.at(":", { step: 2 }), x.expandDims(0), x.sum()]) {
    const expected = await view.data();
    const there = await view.to(other);
    const back = await there.to(backend);
    for (const each of [there, back]) {
      ensure(`${each.shape}` === `${view.shape}`, `expected [${view.shape}], got [${each.shape}]`);
      same(await each.data(), expected);
    }
  }
  ensure((await x.to(backend)) === x, "a tensor that is there already must stay the same one");
  const nothing = await tensor([], { backend }).to(other);
  ensure(nothing.size === 0 && nothing.backend === other, "an array without elements must move");
}

async function leaves({ backend }: Bench): Promise<void> {
  const x = tensor([1, 2], { backend, requiresGrad: true });
  const there = await x.to(interpreter());
  ensure(there.requiresGrad && there.isLeaf, "a leaf that requires a gradient must stay one");
  await ensureThrows(() => x.mul(2).to(interpreter()), GradientError, "to");
}

async function inPlace({ backend }: Bench): Promise<void> {
  const other = interpreter();
  const x = tensor([1, 2, 3], { backend, requiresGrad: true });
  const view = x.detach().at({ start: 1 });
  x.square().sum().backward();
  for (const target of [other, backend]) {
    await moveTensors([x], target);
    const { grad } = x;
    const places = [x, view, grad].map((each) => each?.backend === target);
    ensure(!places.includes(false), "tensor, view and gradient must be on the same backend");
    const found = `${await x.data()} ${await view.data()} ${await grad?.data()}`;
    ensure(found === "1,2,3 2,3 2,4,6", `expected 1,2,3 2,3 2,4,6, got ${found}`);
  }
}

async function writtenMeanwhile({ backend }: Bench): Promise<void> {
  for (const [from, to] of bothWays(backend)) {
    const x = tensor([1, 2], { backend: from });
    const moved = moveTensors([x], to);
    assign(x, tensor([3, 4], { backend: from }));
    const refused = await thrownBy(() => moved);
    ensure(x.backend === (refused === undefined ? to : from), "what is refused must stay");
    const found = `${await x.data()}`;
    ensure(found === "3,4", `expected the assigned 3,4, got ${found}`);
  }
}

async function disposedMeanwhile({ backend }: Bench): Promise<void> {
  for (const [from, to] of bothWays(backend)) {
    const [source, target] = [ledgerOf(from), ledgerOf(to)];
    const [x, y] = [
      tensor([1], { backend: source.backend }),
      tensor([2], { backend: source.backend }),
    ];
    const moved = moveTensors([x, y], target.backend);
    x.dispose();
    await thrownBy(() => moved);
    ensure((await y.item()) === 2, "what stayed alive must keep its elements");
    y.dispose();
    for (const ledger of [source, target]) {
      ensure(ledger.faults.length === 0, `${ledger.faults[0]}`);
      ensure(ledger.live() === 0, `${ledger.live()} handles are live after all was disposed`);
    }
  }
}

function bothWays(backend: Backend): [from: Backend, to: Backend][] {
  const other = interpreter();
  return [
    [backend, other],
    [other, backend],
  ];
}

async function training({ backend }: Bench): Promise<void> {
  const curveOf = async (
    swap: (parameters: readonly Tensor[], step: number) => Promise<readonly Tensor[]>,
  ) => {
    let { parameters } = smallNetwork(backend);
    const curve: number[] = [];
    for (let i = 0; i < 9; i++) {
      parameters = await swap(parameters, i);
      curve.push(await networkOf(parameters).step().item());
    }
    return curve;
  };
  const stayed = await curveOf(async (parameters) => parameters);
  ensure((stayed[8] ?? 0) < 0.9 * (stayed[0] ?? 0), `the network does not learn: ${stayed}`);
  const other = interpreter();
  const targetAt = (step: number): Backend | undefined =>
    step === 3 ? other : step === 6 ? backend : undefined;
  const movedInPlace = await curveOf(async (parameters, step) => {
    const target = targetAt(step);
    if (target !== undefined) await moveTensors(parameters, target);
    return parameters;
  });
  ensureSameCurve(movedInPlace, stayed);
  const copied = await curveOf((parameters, step) =>
    Promise.all(parameters.map((each) => each.to(targetAt(step) ?? each.backend))),
  );
  ensureSameCurve(copied, stayed);
}

async function mixing({ backend }: Bench): Promise<void> {
  const other = interpreter();
  const x = tensor([1], { backend });
  const y = tensor([1], { backend: other });
  for (const [op, use] of [
    ["add", () => x.add(y)],
    ["matmul", () => y.matmul(x)],
    ["assign", () => assign(x, y)],
  ] as const) {
    await ensureThrows(use, BackendError, op);
    const message = String(await thrownBy(use));
    for (const { name } of [backend, other]) {
      ensure(message.includes(`"${name}"`), `expected "${name}" to be named, got: ${message}`);
    }
  }
}

async function movedGraph({ backend }: Bench): Promise<void> {
  const x = tensor([3], { backend, requiresGrad: true });
  const loss = x.square().sum();
  await moveTensors([x], interpreter());
  await ensureThrows(() => loss.backward(), GradientError);
}

async function seeds({ backend }: Bench): Promise<void> {
  const drawn = async (on: Backend): Promise<string> => {
    manualSeed(7);
    const all = [
      rand([5], { backend: on }),
      randn([5], { backend: on }),
      randint(-3, 1000, [5], { backend: on }),
      randperm(9, { backend: on }),
      bernoulli(0.3, [9], { backend: on }),
    ];
    return (await Promise.all(all.map((each) => each.data()))).join(" ");
  };
  const [own, reference] = [await drawn(backend), await drawn(interpreter())];
  ensure(own === reference, `expected ${reference}, got ${own}`);
}
