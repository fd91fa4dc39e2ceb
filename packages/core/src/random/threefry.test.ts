import { interpretKernel, layout, operandSpec, scalar } from "@chainrule/kernel";
import { describe, expect, it } from "vitest";
import { threefry, threefryExpr } from "./threefry.js";

// Known answers of Random123 (kat_vectors, threefry2x32 20 rounds): counter, key, result.
const answers: [string, string, string][] = [
  ["00000000 00000000", "00000000 00000000", "6b200159 99ba4efe"],
  ["ffffffff ffffffff", "ffffffff ffffffff", "1cb996fc bb002be7"],
  ["243f6a88 85a308d3", "13198a2e 03707344", "c4923a9c 483df7a0"],
];

const wordsOf = (text: string): [number, number] => {
  const [first = 0, second = 0] = text.split(" ").map((word) => Number.parseInt(word, 16) | 0);
  return [first, second];
};

const textOf = (words: ArrayLike<number>): string =>
  Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, "0")).join(" ");

describe("Threefry-2x32-20", () => {
  it.each(answers)("of counter %s under key %s is %s", (counter, key, result) => {
    const out = new Int32Array(3);
    threefry(...wordsOf(key), ...wordsOf(counter), out, 1);
    expect(out[0]).toBe(0);
    expect(textOf(out.subarray(1))).toBe(result);
  });

  it.each(answers)("as a kernel, of counter %s under key %s, is %s", (counter, key, result) => {
    const word = (index: number) => scalar(index, "int32");
    const values = threefryExpr(word(0), word(1), word(2), word(3));
    const single = layout([]);
    const data = [new Int32Array(1), new Int32Array(1)] as const;
    interpretKernel(
      {
        name: "threefry",
        outer: 0,
        axes: [],
        inputs: [],
        scalars: ["int32", "int32", "int32", "int32"],
        stages: [],
        outputs: values.map((value) => ({ ...operandSpec("int32", single), value })),
      },
      [],
      [...wordsOf(key), ...wordsOf(counter)],
      data.map((each) => ({ data: each, layout: single, offset: 0 })),
    );
    expect(textOf([data[0][0] ?? 0, data[1][0] ?? 0])).toBe(result);
  });
});
