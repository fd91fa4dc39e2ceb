// Limits of gradients against PyTorch.

import { type Tensor, zeros } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";
import { clipGradNorm, clipGradValue } from "@chainrule/optim";
import { type Bench, type Check, floatDTypes } from "../../check.js";
import { type Encoded, numbers } from "../../fixtures.js";
import { toleranceFor } from "../../tolerance.js";
import { compareElements, ensure } from "../../verify.js";
import { floatCheck } from "./float-check.js";
import { tensorOn } from "./on-backend.js";
import { type ClipCase, clipCases } from "./stored.js";

/** The checks of all stored gradients. */
export function clipGradChecks(): Check[] {
  return floatDTypes.flatMap((float) => clipCases.map((stored) => checkOf(stored, float)));
}

function checkOf(stored: ClipCase, float: DType): Check {
  const { normType, limit, before } = stored;
  const op = normType === null ? "clipGradValue" : "clipGradNorm";
  const of = before.map((gradient) => (gradient === null ? "none" : `[${gradient.shape}]`));
  const how = normType === null ? "" : `normType ${normType}, `;
  const id = `${op} > ${float} > ${how}limit ${limit} > of ${of.join(", ")}`;
  return floatCheck(4, id, float, (bench) => clip(bench, stored, op, float), { compiles: true });
}

async function clip(bench: Bench, stored: ClipCase, op: string, float: DType): Promise<void> {
  const { normType, limit, before, after, norm } = stored;
  const params = before.map((gradient): Tensor => {
    const { backend } = bench;
    const shape = gradient?.shape ?? [];
    return zeros(shape, { dtype: float, backend, requiresGrad: true });
  });
  const setGradients = (order: (data: Encoded) => Encoded): void => {
    for (const [i, gradient] of before.entries()) {
      const param = params[i];
      if (gradient === null || param === undefined) continue;
      param.grad = tensorOn(bench.backend, { ...gradient, data: order(gradient.data) }, float);
    }
  };
  const run = bench.prepared(
    () =>
      normType === null
        ? clipGradValue(params, limit)
        : clipGradNorm(params, limit, { normType: Number(normType) }),
    () => {
      setGradients((data) => data.toReversed());
      return [];
    },
  );
  setGradients((data) => data);
  const measured = run();
  const tolerance = toleranceFor("clipGrad", float);
  if (measured !== undefined) {
    ensure(measured.shape.length === 0, `the norm has the shape [${measured.shape}]`);
    compareElements(bench, { op, tolerance }, await measured.data(), [Number(norm)], float);
  }
  for (const [i, { grad }] of params.entries()) {
    const wanted = after[i] ?? null;
    ensure((grad === null) === (wanted === null), `gradient ${i} comes or goes`);
    if (grad === null || wanted === null) continue;
    ensure(grad.dtype === float, `gradient ${i} has become ${grad.dtype}`);
    compareElements(bench, { op, tolerance }, await grad.data(), numbers(wanted), float);
  }
}
