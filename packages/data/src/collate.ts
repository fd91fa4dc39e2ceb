import {
  type Backend,
  DataError,
  formatValue,
  stack,
  Tensor,
  type TypedArray,
  tensor,
} from "@chainrule/core";
import type { BatchOptions } from "./dataset.js";
import { dtypeOf, emptyLike, isTypedArray } from "./host-array.js";

/** What one field of an example may be. */
export type Field = Tensor | TypedArray | number | boolean;

/** The batch made of examples `T`: fields keep their places or names, each becomes a tensor. */
export type Collated<T> = T extends Field ? Tensor : { [K in keyof T]: Tensor };

/**
 * Stacks examples into a batch: a tensor, typed array, number or boolean becomes one more axis in
 * front; an array is a tuple of fields, a plain object has named fields, each stacked by itself.
 *
 * Numbers become float32, as in `tensor`. For class labels use an int32 tensor or an `Int32Array`.
 *
 * Throws: {@link DataError} when the examples differ in kind or number of fields.
 *
 * @example
 * const [x, y] = collate([[Float32Array.of(1, 2), 0], [Float32Array.of(3, 4), 1]] as const);
 * x.arraySync() // => [[1, 2], [3, 4]]
 */
export function collate<T>(items: readonly T[], options: BatchOptions = {}): Collated<T> {
  const [first] = items;
  if (isField(first)) return stackField(items, options) as Collated<T>;
  if (typeof first !== "object" || first === null) throw unknownKind(first);
  const names = Object.keys(first);
  if (names.length === 0) throw unknownKind(first);
  const columns = names.map((name) => {
    const column = items.map((item) => fieldOf(item, name, names.length));
    return stackField(column, options);
  });
  // What the fields are is known only here; that they keep their places or names is what the type says.
  const batch: unknown = Array.isArray(first)
    ? columns
    : Object.fromEntries(names.map((name, i) => [name, columns[i]]));
  return batch as Collated<T>;
}

function fieldOf(item: unknown, name: string, count: number): unknown {
  const fields = typeof item === "object" && item !== null ? Object.entries(item) : [];
  const field = fields.find(([key]) => key === name);
  if (field !== undefined && fields.length === count) return field[1];
  throw new DataError("collate", "examples must have the same fields", {
    expected: `${count} fields, "${name}" among them`,
    got: `fields ${fields.map(([key]) => key).join(", ") || "none"}`,
  });
}

function stackField(values: readonly unknown[], { backend }: BatchOptions): Tensor {
  const [first] = values;
  if (isTypedArray(first)) return stackArrays(first, values, backend);
  if (isTensor(first)) return stack(values.map((value) => sameKind(value, isTensor, "a tensor")));
  if (isNumber(first)) {
    const numbers = values.map((value) => sameKind(value, isNumber, "a number"));
    return tensor(numbers, { backend });
  }
  if (isBoolean(first)) {
    const booleans = values.map((value) => sameKind(value, isBoolean, "a boolean"));
    return tensor(booleans, { backend });
  }
  throw unknownKind(first);
}

function stackArrays(first: TypedArray, values: readonly unknown[], backend?: Backend): Tensor {
  const out = emptyLike(first, values.length * first.length);
  const isAlike = (value: unknown): value is TypedArray =>
    isTypedArray(value) && dtypeOf(value) === dtypeOf(first) && value.length === first.length;
  values.forEach((value, i) => {
    const wanted = `a ${first.constructor.name} of ${first.length}`;
    out.set(sameKind(value, isAlike, wanted), i * first.length);
  });
  return tensor(out, { shape: [values.length, first.length], backend });
}

/** Returns `value` if it is of the kind that the first example has here. */
function sameKind<V>(value: unknown, is: (value: unknown) => value is V, wanted: string): V {
  if (is(value)) return value;
  throw new DataError("collate", "a field must be of the same kind in every example", {
    expected: wanted,
    got: formatValue(value),
  });
}

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;
const isNumber = (value: unknown): value is number => typeof value === "number";
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";

function isField(value: unknown): value is Field {
  return isNumber(value) || isBoolean(value) || isTensor(value) || isTypedArray(value);
}

function unknownKind(value: unknown): DataError {
  return new DataError("collate", "examples must be stackable", {
    expected: "tensors, typed arrays, numbers or booleans, alone, in an array or in an object",
    got: formatValue(value),
    fix: "Pass your own `collate` to DataLoader.",
  });
}
