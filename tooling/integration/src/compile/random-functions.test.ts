// Random small functions, as they are and compiled, from equal starts.

import { js, setBackend } from "chainrule";
import fc from "fast-check";
import { beforeEach, it } from "vitest";
import { describePlan, type Plan } from "./random-functions.js";
import { differenceOf, follow, ways } from "./random-trails.js";

beforeEach(() => {
  setBackend(js());
});

const number = fc.nat({ max: 999 });
const plans: fc.Arbitrary<Plan> = fc.record({
  steps: fc.array(fc.tuple(number, number, number, number), { maxLength: 9 }),
  returned: fc.array(number, { minLength: 1, maxLength: 3 }),
});

it.each(Object.keys(ways))("arguments %s", (way) => {
  fc.assert(
    fc.property(plans, (plan) => {
      const difference = differenceOf(way, follow(plan, way, false), follow(plan, way, true));
      if (difference !== undefined) throw new Error(`${describePlan(plan)}\n${difference}`);
    }),
    { seed: 20_263, numRuns: 100 },
  );
});
