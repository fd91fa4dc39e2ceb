import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { setBackend, type Tensor, tensor, zeros } from "../../index.js";
import { interpreter } from "../../interpreter.js";
import { einsum } from "../../linalg.js";
import { build, indicesOf, messageOf } from "../../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

/** Axes by name: letters, and "0" and "1" for up to two axes of an ellipsis. */
type Names = readonly string[];

interface Operand {
  readonly names: Names;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Problem {
  readonly equation: string;
  readonly operands: readonly Operand[];
  readonly output: Names;
  readonly extents: ReadonlyMap<string, number>;
}

const letters = ["i", "j", "k", "A"];
const dots = ["0", "1"];

/** `own` with the ellipsis at `place`, if anywhere: as text, and with its last `depth` axes. */
function withDots(own: Names, place: number | null, depth: number): { text: string; names: Names } {
  if (place === null) return { text: own.join(""), names: own };
  const [before, after] = [own.slice(0, place), own.slice(place)];
  return {
    text: `${before.join("")}...${after.join("")}`,
    names: [...before, ...dots.slice(2 - depth), ...after],
  };
}

const subscript = fc.record({
  own: fc.array(fc.constantFrom(...letters), { maxLength: 3 }),
  place: fc.option(fc.nat(3)),
  depth: fc.nat(2),
  /** Axes of extent 1, which stretch where another operand has more. */
  ones: fc.subarray([...letters, ...dots]),
});

const problems: fc.Arbitrary<Problem> = fc
  .record({
    sizes: fc.tuple(...[...letters, ...dots].map(() => fc.integer({ min: 1, max: 3 }))),
    subscripts: fc.array(subscript, { minLength: 1, maxLength: 3 }),
    result: fc.option(
      fc.record({ own: fc.shuffledSubarray(letters), place: fc.option(fc.nat(4)) }),
    ),
    values: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 7, maxLength: 7 }),
  })
  .map(({ sizes, subscripts, result, values }) => {
    const sizeOf = (name: string): number => sizes[[...letters, ...dots].indexOf(name)] ?? 1;
    const terms = subscripts.map(({ own, place, depth }) => withDots(own, place, depth));
    const operands = terms.map(({ names }, i): Operand => {
      const ones = subscripts[i]?.ones ?? [];
      const shape = names.map((name) => (ones.includes(name) ? 1 : sizeOf(name)));
      const data = indicesOf(shape).map((_, at) => values[(at * (i + 2) + i) % 7] ?? 0);
      return { names, shape, data };
    });
    const extents = new Map<string, number>();
    for (const { names, shape } of operands)
      for (const [axis, name] of names.entries())
        extents.set(name, Math.max(extents.get(name) ?? 1, shape[axis] ?? 1));
    const written = subscripts.flatMap(({ own }) => own);
    const depth = dots.filter((name) => extents.has(name)).length;
    const once = letters.filter((name) => written.filter((each) => each === name).length === 1);
    const { text, names } =
      result === null
        ? { text: undefined, names: [...dots.slice(2 - depth), ...once.sort()] }
        : withDots(
            result.own.filter((name) => written.includes(name)),
            result.place,
            depth,
          );
    const left = terms.map((term) => term.text).join(",");
    return {
      equation: text === undefined ? left : `${left}->${text}`,
      operands,
      output: names,
      extents,
    };
  });

/** The sum by its definition: one loop over the positions of all axes. */
function slowly({ operands, output, extents }: Problem, data: readonly (readonly number[])[]) {
  const all = [...extents.keys()];
  const totals = new Map<string, number>();
  for (const index of indicesOf([...extents.values()])) {
    const at = (name: string): number => index[all.indexOf(name)] ?? 0;
    let product = 1;
    for (const [i, { names, shape }] of operands.entries()) {
      let place = 0;
      for (const [axis, name] of names.entries()) {
        const n = shape[axis] ?? 1;
        place = place * n + (n === 1 ? 0 : at(name));
      }
      product *= data[i]?.[place] ?? 0;
    }
    const key = output.map(at).join();
    totals.set(key, (totals.get(key) ?? 0) + product);
  }
  const shape = output.map((name) => extents.get(name) ?? 1);
  return { shape, at: (index: readonly number[]): number => totals.get(index.join()) ?? 0 };
}

const tensorOf = ({ data, shape }: Operand): Tensor =>
  tensor([...data], { shape, requiresGrad: true });
/** Without -0. */
const listed = (x: Tensor | null): unknown => x?.add(0).arraySync();

describe("einsum", () => {
  it("is the sum over all axes that the result lacks", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { shape, at } = slowly(
          problem,
          problem.operands.map(({ data }) => data),
        );
        const result = einsum(problem.equation, ...problem.operands.map(tensorOf));
        expect(result.shape).toEqual(shape);
        expect(listed(result)).toEqual(build(shape, (index) => at(index) + 0));
      }),
      { numRuns: 200 },
    );
  });

  it("has for each element of an operand the gradient of the sum with 1 there, 0 elsewhere", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const operands = problem.operands.map(tensorOf);
        einsum(problem.equation, ...operands)
          .sum()
          .backward();
        for (const [i, { shape, data }] of problem.operands.entries()) {
          const wanted = data.map((_, place) => {
            const unit = data.map((_, other) => (other === place ? 1 : 0));
            const each = problem.operands.map((operand, o) => (o === i ? unit : operand.data));
            const result = slowly(problem, each);
            return indicesOf(result.shape).reduce((sum, index) => sum + result.at(index), 0);
          });
          const gradient = operands[i]?.grad ?? null;
          expect(gradient?.shape).toEqual(shape);
          expect(Array.from(gradient?.add(0).dataSync() ?? [])).toEqual(wanted);
        }
      }),
    );
  });

  it("keeps apart what an axis of one element lies between", () => {
    const [one, pair] = [
      tensor([1], { requiresGrad: true }),
      tensor([2, 3], { shape: [2, 1, 1, 1] }),
    ];
    einsum("i,...AA,A", tensor([5]), pair, one)
      .sum()
      .backward();
    expect(one.grad?.arraySync()).toEqual([25]);
  });

  it("is a view of an operand that is not summed", () => {
    const x = zeros([3, 3, 2]);
    expect(einsum("iij->ji", x).strides).toEqual([1, 8]);
    expect(einsum("...k->k...", x).strides).toEqual([1, 6, 2]);
  });
});

describe("an equation", () => {
  const matrix = (): Tensor => zeros([2, 3]);
  const refusal = (equation: string, ...operands: Tensor[]): string =>
    messageOf(() => einsum(equation, ...operands));
  const syntax =
    '[einsum] labels are letters, with at most one "..." among them: expected labels of operands separated by commas and, after one "->", those of the result, got ';

  it.each([
    ["i1,jk", '"i1" in "i1,jk".'],
    ["ij;jk", '"ij;jk" in "ij;jk".'],
    ["i..j", '"i..j" in "i..j".'],
    ["i....", '"i...." in "i....".'],
    ["...i...", '"...i..." in "...i...".'],
    ["ij>ji", '"ij>ji" in "ij>ji".'],
    ["ij->j,i", '"j,i" in "ij->j,i".'],
    ["ij->ji->ij", '3 parts in "ij->ji->ij".'],
  ])("%s is refused", (equation, got) => {
    expect(refusal(equation, matrix())).toBe(syntax + got);
  });

  it("names every operand and every axis", () => {
    expect(refusal("ij,jk->ik", matrix())).toBe(
      '[einsum] an equation names every operand: expected as many operands as "ij,jk->ik" has (2), got 1. Separate the labels of operands by commas, and pass operands one by one.',
    );
    expect(refusal("")).toContain("got 0");
    expect(refusal("i,ijk", zeros([2]), matrix())).toBe(
      '[einsum] every axis has a label: expected as many axes as operand 1 of "i,ijk" has labels (3), got shape [2, 3].',
    );
    expect(refusal("i", matrix())).toBe(
      '[einsum] every axis has a label: expected as many axes as operand 0 of "i" has labels (1), got shape [2, 3]. Write "..." for axes without a label.',
    );
    expect(refusal("...ijk", matrix())).toContain("expected at least as many axes");
  });

  it("gives a label one extent", () => {
    const wanted = (name: string, equation: string): string =>
      `[einsum] a label has one extent: expected equal extents of "${name}" in "${equation}", or 1 in some operands, got `;
    expect(refusal("ij,jk", matrix(), matrix())).toBe(`${wanted("j", "ij,jk")}[2, 3] and [2, 3].`);
    expect(refusal("ii", matrix())).toBe(`${wanted("i", "ii")}[2, 3].`);
    expect(refusal("ii", zeros([1, 3]))).toContain("a label has one extent");
    expect(refusal("...,...", zeros([2]), zeros([3]))).toBe(
      `${wanted("...", "...,...")}[2] and [3].`,
    );
  });

  it("has distinct labels of operands in its result", () => {
    const wanted = (equation: string): string =>
      `[einsum] a label of the result is one of the operands, named once: expected distinct labels of operands in the result of "${equation}", got `;
    expect(refusal("ij->ik", matrix())).toBe(`${wanted("ij->ik")}"k".`);
    expect(refusal("ij->iji", matrix())).toBe(`${wanted("ij->iji")}"i" twice.`);
  });

  it("comes first, as text, before tensors", () => {
    expect(messageOf(() => einsum(matrix() as never, matrix()))).toBe(
      '[einsum] the equation comes first, as text: expected text such as "ij,jk->ik", got a Tensor.',
    );
    expect(messageOf(() => einsum("i", [1, 2] as never))).toContain(
      "[einsum] operands must be tensors",
    );
    expect(messageOf(() => einsum("ij,jk", [matrix(), matrix()] as never))).toBe(
      "[einsum] operands must be tensors or numbers: expected a tensor or a number, got an array of 2 tensors. Pass them one by one.",
    );
  });
});
