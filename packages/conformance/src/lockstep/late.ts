// Values that are here at once on backends that read at once, and come by promise from the others.

import type { Tensor } from "@chainrule/core";
import { newArray, type TypedArray } from "@chainrule/kernel";

export type Late<T> = T | Promise<T>;

/** What `next` makes of `value`, now if it is here. */
export function after<T, U>(value: Late<T>, next: (value: T) => Late<U>): Late<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** All of `values`, now if all are here. */
export function all<T extends readonly unknown[]>(
  values: {
    readonly [I in keyof T]: Late<T[I]>;
  },
): Late<T> {
  return values.some((value) => value instanceof Promise)
    ? (Promise.all(values) as unknown as Promise<T>)
    : (values as unknown as T);
}

/** All elements of a storage as they are now, whatever is written or freed later. */
export function read(storage: Tensor["storage"]): Late<TypedArray> {
  const { handle, length, dtype } = storage;
  const { backend } = storage.device;
  if (length === 0) return newArray(dtype, 0);
  if (backend.readSync !== undefined) return backend.readSync(handle, 0, length);
  const data = storage.read(0, length);
  // Whoever needs the elements hears of a failure.
  data.catch(() => {});
  return data;
}
