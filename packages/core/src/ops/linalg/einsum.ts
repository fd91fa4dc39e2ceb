import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { formatValue, ValueError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import { astype } from "../elementwise/astype.js";
import { sumOver } from "../reduce/sum.js";
import { diagonal } from "../view/diagonal.js";
import { permuteDims } from "../view/permute-dims.js";
import { reshape } from "../view/reshape.js";
import { contract } from "./contract.js";
import { einsumLabels } from "./einsum-equation.js";
import { type EinsumProgram, einsumProgram, type Preparation } from "./einsum-program.js";
import { productOperands } from "./product-operands.js";

/**
 * The sum of products that `equation` says: `"ij,jk->ik"` is `Σⱼ aᵢⱼ bⱼₖ`.
 *
 * Each operand has one letter per axis, operands are separated by commas, and the letters after
 * `->` are the axes of the result; all other letters are summed over. Without `->` the result has
 * the letters that occur once, in alphabetical order (upper case first). A letter twice in one
 * operand takes the diagonal. `...` stands for the axes not named: they broadcast, come first in
 * a result without `->`, and are summed when `->` leaves them out. Blanks are ignored.
 *
 * Shapes: axes with one letter have one extent, or 1, which stretches. Of one operand that is not
 * summed the result is a view. dtype: all promoted together; ints wrap. Operands are multiplied two
 * at a time from the left, after summing what belongs to one of them only: write them in the order
 * that keeps results small.
 * Throws: ValueError for a malformed equation; ShapeError for shapes that do not fit it; DTypeError
 * for bool.
 *
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * einsum("ij,jk->ik", x, tensor([[1], [1]])) // => [[3], [7]]
 * einsum("ii", x) // => 5
 * einsum("i,ij,j", tensor([1, 0]), x, tensor([0, 1])) // => 2
 *
 * @apart
 */
export function einsum<D extends DType>(
  equation: string,
  ...operands: readonly Tensor<D>[]
): Tensor<D> {
  if (typeof equation !== "string") {
    throw new ValueError("einsum", "the equation comes first, as text", {
      expected: 'text such as "ij,jk->ik"',
      got: formatValue(equation),
    });
  }
  for (const each of operands) ensureTensor("einsum", each);
  const { operands: preparations, products, order } = programFor(equation, operands);
  const factors = productOperands("einsum", operands).map((x, i) => prepared(x, preparations[i]));
  let [product] = factors as [Tensor];
  for (const [i, labels] of products.entries()) {
    product = contract(product, factors[i + 1] as Tensor, labels);
  }
  return (order === undefined ? product : permuteDims(product, order)) as Tensor<D>;
}

const programs = new Map<string, EinsumProgram>();
const capacity = 1 << 12;

/** The program, remembered by the equation and the layouts of the operands. */
function programFor(equation: string, operands: readonly Tensor[]): EinsumProgram {
  const key = `${equation}|${operands.map(({ layout }) => layout.id)}`;
  let program = programs.get(key);
  if (program === undefined) {
    const shapes = operands.map(({ shape }) => shape);
    program = einsumProgram(einsumLabels(equation, shapes), shapes);
    if (programs.size >= capacity) programs.clear();
    programs.set(key, program);
  }
  return program;
}

function prepared(x: Tensor, preparation: Preparation | undefined): Tensor {
  const { diagonals = [], shape, summed = [] } = preparation ?? {};
  let result = x;
  for (const axes of diagonals) result = diagonal(permuteDims(result, axes));
  if (shape !== undefined) result = reshape(result, shape);
  // Sums of uint8 are int32, products are not.
  return summed.length === 0 ? result : astype(sumOver(result, summed), x.dtype);
}
