import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Backend,
  manualSeed,
  rand,
  setBackend,
  setDebug,
  showSource,
  type Tensor,
  tensor,
  ValueError,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { messageOf } from "../testing.js";
import { levelIn } from "./level.js";

/** What `run` writes at `level`. */
function written(level: number, run: () => unknown): string[] {
  const texts: string[] = [];
  setDebug(level, (text) => texts.push(text));
  run();
  setDebug(0);
  return texts;
}

/** One product, one view, one sum. */
function program(): Tensor {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  return x.matmul(x.T).mul(0.5).greater(10).sum(1);
}

beforeEach(() => {
  setBackend(interpreter());
  manualSeed(0);
});

afterEach(() => {
  setDebug(0);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("setDebug", () => {
  it("0 writes nothing", () => {
    expect(written(0, program)).toEqual([]);
  });

  it("1 writes every operation", () => {
    expect(written(1, program).join("\n")).toMatchInlineSnapshot(`
      "interpreter  matrixTranspose(float32[2, 3]) -> view float32[3, 2]
      interpreter  matmul(float32[2, 3], float32[3, 2]) -> float32[2, 2]
      interpreter  mul(float32[2, 2], 0.5) -> float32[2, 2]
      interpreter  greater(float32[2, 2], 10) -> bool[2, 2]
      interpreter  sum(bool[2, 2]) -> int32[2]"
    `);
  });

  it("1 writes the backward pass and random numbers too", () => {
    const run = (): void => {
      const w = rand([2], { requiresGrad: true });
      w.square().sum().backward();
    };
    expect(written(1, run).join("\n")).toMatchInlineSnapshot(`
      "interpreter  randomBits(int32[4]) -> int32[2]
      interpreter  bitsToUniform(int32[2]) -> float32[2]
      interpreter  square(float32[2]) -> float32[2]
      interpreter  sum(float32[2]) -> float32[]
      interpreter  broadcastTo(float32[]) -> view float32[2]
      interpreter  mul(float32[2], 2) -> float32[2]
      interpreter  mul(float32[2], float32[2]) -> float32[2]"
    `);
  });

  it("2 adds the time", () => {
    const [view, product] = written(2, program);
    expect(view).toMatch(
      /^interpreter +\d+\.\d{3} ms {2}matrixTranspose\(float32\[2, 3\]\) -> view float32\[3, 2\]$/,
    );
    expect(product).toMatch(/^interpreter +\d+\.\d{3} ms {2}matmul\(/);
  });

  it("3 adds the kernels of new plans, before the operation that needs them", () => {
    const texts = written(3, () => {
      const x = tensor([1, 2]);
      x.mul(0.5);
      x.mul(0.25);
    });
    const withoutTimes = texts.map((text) => text.replace(/ +[\d.]+ ms/, ""));
    expect(withoutTimes.join("\n")).toMatchInlineSnapshot(`
      "  mul(a: float32[1], scalar0: float32) -> out: float32[1]
        for i < out.0
          out[i] = a[i] * scalar0
      interpreter  mul(float32[2], 0.5) -> float32[2]
      interpreter  mul(float32[2], 0.25) -> float32[2]"
    `);
  });

  it("3 says where a backend has its own way", () => {
    const inner = interpreter();
    const backend: Backend = {
      ...inner,
      name: "far",
      ops: { exp: { accepts: () => true, run: () => {} } },
      routines: { scatterAdd: () => {} },
    };
    const x = tensor([1], { backend });
    const index = tensor(new Int32Array([0]), { backend });
    const texts = written(3, () => [x.exp(), x.scatterAdd(index, x, 0)]);
    expect(texts.filter((text) => text.startsWith(" "))).toEqual([
      "  exp is the backend's own on far",
      "  scatterAdd is the backend's own on far",
    ]);
  });

  it("4 adds the code that backends show", () => {
    expect(written(4, () => showSource("add", () => "let a;\nlet b;"))).toEqual([
      "  add as code:\n  let a;\n  let b;",
    ]);
    const source = vi.fn(() => "");
    expect(written(3, () => showSource("add", source))).toEqual([]);
    expect(source).not.toHaveBeenCalled();
  });

  it("writes nothing for operations that are refused", () => {
    const run = (): void => {
      expect(() => tensor([1, 2]).add(tensor([1, 2, 3]))).toThrow();
    };
    expect(written(1, run)).toEqual([]);
  });

  it("writes to standard error when no other way is given", () => {
    const shown = vi.spyOn(console, "error").mockImplementation(() => {});
    const printed = vi.spyOn(console, "log").mockImplementation(() => {});
    setDebug(1, () => {});
    setDebug(1);
    tensor([1]).neg();
    expect(shown.mock.calls).toEqual([["interpreter  neg(float32[1]) -> float32[1]"]]);
    expect(printed).not.toHaveBeenCalled();
  });

  it("writes to the console where there is no standard error", () => {
    const printed = vi.spyOn(console, "log").mockImplementation(() => {});
    vi.stubGlobal("process", undefined);
    setDebug(1);
    tensor([1]).neg();
    vi.unstubAllGlobals();
    expect(printed.mock.calls).toEqual([["interpreter  neg(float32[1]) -> float32[1]"]]);
  });

  it.each([-1, 5, 1.5, Number.NaN, "1", true, null])("refuses level %o", (odd) => {
    expect(() => setDebug(odd as never)).toThrow(ValueError);
  });

  it("says what it takes, and keeps the level when it refuses", () => {
    const texts = written(1, () => {
      expect(messageOf(() => setDebug(7))).toBe(
        "[setDebug] level must be one of its values: expected 0, 1, 2, 3 or 4, got 7.",
      );
      expect(messageOf(() => setDebug(1, "stderr" as never))).toBe(
        '[setDebug] write must be able to take texts: expected a function, got "stderr".',
      );
      tensor([1]).neg();
    });
    expect(texts).toHaveLength(1);
  });
});

describe("the environment", () => {
  it.each([
    ["0", 0],
    ["1", 1],
    ["4", 4],
    ["", 0],
    ["5", 0],
    ["10", 0],
    ["-1", 0],
    ["express:*", 0],
    ["true", 0],
    ["1 ", 0],
    [undefined, 0],
  ])("DEBUG=%o asks for level %i", (DEBUG, level) => {
    expect(levelIn({ process: { env: { DEBUG } } })).toBe(level);
  });

  it("may be missing: browsers, workers, pages that define a process of their own", () => {
    for (const process of [undefined, {}, { env: {} }]) expect(levelIn({ process })).toBe(0);
    expect(levelIn({ Deno: {}, process: { env: { DEBUG: "1" } } })).toBe(0);
  });

  it("is read when the module is loaded", async () => {
    vi.stubEnv("DEBUG", "3");
    vi.resetModules();
    expect((await import("./level.js")).debugLevel).toBe(3);
  });
});
