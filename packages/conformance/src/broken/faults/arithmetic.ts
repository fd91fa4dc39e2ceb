// Faults of arithmetic on single elements: too few bits, the wrong rounding, corners left out.

import { type Call, call, cast, constant, type Expr, isFloat, kindOf } from "@chainrule/kernel";
import type { BrokenBackend } from "../broken-backend.js";
import { withArguments, withExprs, withResults } from "../wrap.js";

export const arithmeticFaults: readonly BrokenBackend[] = [
  {
    fault: "computes in float16",
    caughtBy: ["exp > float32 > values"],
    wrap: (good) =>
      withResults(good, (value, dtype) => (dtype === "float32" ? roundedTo11Bits(value) : value)),
  },
  {
    fault: "computes float64 in float32",
    caughtBy: ["exp > float64 > values"],
    wrap: (good) =>
      withResults(good, (value, dtype) => (dtype === "float64" ? Math.fround(value) : value)),
  },
  {
    fault: "computes int32 in float32, which saturates and has 24 bits",
    caughtBy: ["kernels > int32 wraps"],
    wrap: (good) => withExprs(good, inFloat),
  },
  {
    fault: "saturates uint8 where it should wrap",
    caughtBy: ["kernels > uint8 wraps"],
    wrap: (good) =>
      withExprs(good, (expr) => {
        const isSum = expr.kind === "call" && ["add", "sub", "mul"].includes(expr.fn);
        if (!isSum || expr.dtype !== "uint8") return expr;
        const wide = expr.args.map((arg) => cast(arg, "float32"));
        return cast(call(expr.fn, ...wide), "uint8");
      }),
  },
  {
    fault: "takes fractions for false",
    caughtBy: ["astype > bool > float32 > forward 1"],
    wrap: (good) =>
      withExprs(good, (expr) =>
        expr.kind === "cast" && expr.dtype === "bool"
          ? cast(cast(expr.value, "int32"), "bool")
          : expr,
      ),
  },
  {
    fault: "rounds where a float is converted to an int",
    caughtBy: ["astype > int32 > float32 > forward 1"],
    wrap: (good) =>
      withExprs(good, (expr) =>
        expr.kind === "cast" && kindOf(expr.dtype) === "int" && isFloat(expr.value.dtype)
          ? cast(call("round", expr.value), expr.dtype)
          : expr,
      ),
  },
  {
    fault: "loses the sign of zero",
    caughtBy: ["neg > float32 > NaN, infinities and signed zeros"],
    wrap: (good) => withResults(good, (value) => value + 0),
  },
  {
    fault: "gives -1 for an integer divided by zero",
    caughtBy: ["floorDivide > int32 > with int32"],
    wrap: (good) =>
      withExprs(good, (expr) => {
        const [x, y] = integerCall(expr, "floorDiv")?.args ?? [];
        if (x === undefined || y === undefined) return expr;
        return call("select", call("eq", y, 0), constant(-1, expr.dtype), expr);
      }),
  },
  {
    fault: "gives a remainder the sign of the dividend",
    caughtBy: ["remainder > float32 > values"],
    wrap: (good) =>
      withExprs(good, (expr) => {
        const [x, y] = expr.kind === "call" && expr.fn === "mod" ? expr.args : [];
        if (x === undefined || y === undefined || !isFloat(expr.dtype)) return expr;
        return call("sub", x, call("mul", call("trunc", call("div", x, y)), y));
      }),
  },
  {
    fault: "rounds halves away from zero",
    caughtBy: ["round > float32 > values"],
    wrap: (good) =>
      withExprs(good, (expr) => {
        const [x] = expr.kind === "call" && expr.fn === "round" ? expr.args : [];
        if (x === undefined) return expr;
        return call("mul", call("sign", x), call("floor", call("add", call("abs", x), 0.5)));
      }),
  },
  {
    fault: "chooses by multiplying both sides with 0 and 1",
    caughtBy: ["where > float32 > edges 1"],
    wrap: (good) =>
      withExprs(good, (expr) => {
        const [condition, yes, no] = expr.kind === "call" && expr.fn === "select" ? expr.args : [];
        if (condition === undefined || yes === undefined || no === undefined) return expr;
        if (!isFloat(expr.dtype)) return expr;
        const one = cast(condition, expr.dtype);
        return call("add", call("mul", one, yes), call("mul", call("sub", 1, one), no));
      }),
  },
  {
    fault: "computes powers through logarithms",
    caughtBy: ["pow > float32 > values"],
    wrap: (good) =>
      withExprs(good, (expr) => {
        const [x, y] = expr.kind === "call" && expr.fn === "pow" ? expr.args : [];
        if (x === undefined || y === undefined || !isFloat(expr.dtype)) return expr;
        return call("exp", call("mul", y, call("log", x)));
      }),
  },
  {
    fault: "passes the user's numbers as integers",
    caughtBy: ["add > float32 > with the number 0.5 as operand 1", "kernels > run-time scalars"],
    wrap: (good) =>
      withArguments(good, () => (given) => ({ ...given, scalars: given.scalars.map(Math.round) })),
  },
];

/** `value` with the 11 significant bits that float16 has. */
function roundedTo11Bits(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10);
  return Math.round(value / unit) * unit;
}

function inFloat(expr: Expr): Expr {
  const [x, y] =
    integerCall(expr, "add")?.args ?? integerCall(expr, "mul")?.args ?? ([] as readonly Expr[]);
  if (x === undefined || y === undefined || expr.kind !== "call") return expr;
  return cast(call(expr.fn, cast(x, "float32"), cast(y, "float32")), expr.dtype);
}

/** `expr` when it is a call of `fn` on int32 numbers. */
function integerCall(expr: Expr, fn: Call["fn"]): Call | undefined {
  return expr.kind === "call" && expr.fn === fn && expr.dtype === "int32" ? expr : undefined;
}
