// Random bits computed on the device, from the seed and a counter as arguments.

import { call, constant, coord, type Expr, load, sizeOf } from "@chainrule/kernel";
import { InternalError } from "../errors.js";
import { type Attrs, definePrimitive, type Primitive, type TensorSpec } from "../op/primitive.js";
import { elementStep } from "../op/step.js";
import { threefryExpr } from "./threefry.js";

interface BitsAttrs extends Attrs {
  readonly shape: readonly number[];
}

/**
 * int32 bits for each element of `shape`, from four numbers: the two words of the key and those of
 * the first counter. Element i takes word i mod 2 of block ⌊i / 2⌋, as `Generator.bits` does.
 */
export const randomBits: Primitive<BitsAttrs> = definePrimitive<BitsAttrs, [TensorSpec]>({
  name: "randomBits",
  infer: (_inputs, { shape }) => ({ shape, dtype: "int32" }),
  lower: (inputs, _output, { shape }) => {
    const word = (index: number): Expr => load(0, "int32", [constant(index, "int32")]);
    const [k0, k1, base0, base1] = [word(0), word(1), word(2), word(3)];
    const block = call("shiftRight", coord(0), 1);
    const c0 = call("add", base0, block);
    // A carry into the high word: the low word came out smaller, compared without signs.
    const unsigned = (x: Expr): Expr => call("bitXor", x, constant(-2147483648, "int32"));
    const wrapped = call("lt", unsigned(c0), unsigned(base0));
    const c1 = call(
      "add",
      base1,
      call("select", wrapped, constant(1, "int32"), constant(0, "int32")),
    );
    const [even, odd] = threefryExpr(k0, k1, c0, c1);
    const isOdd = call("eq", call("bitAnd", coord(0), 1), 1);
    const output = { shape: [sizeOf(shape)], dtype: "int32" } as const;
    return [elementStep({ name: "randomBits", inputs, output }, call("select", isOdd, odd, even))];
  },
  vjp: { nonDifferentiable: "its results are bits" },
  saves: "nothing",
  batch: () => {
    throw new InternalError("randomBits", "random bits have no batched operand", {
      expected: "numbers",
      got: "a batched tensor",
    });
  },
});
