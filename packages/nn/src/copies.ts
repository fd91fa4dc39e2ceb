// Modules and tensors of another copy of nn or core, as two installed versions bring, are strangers to
// this one: ignoring them would leave their parameters untrained.

import { BackendError, ensureTensor, formatValue } from "@chainrule/core";

const tensorBrand = Symbol.for("@chainrule/core");
/** Every module carries the copy of nn it comes from under this symbol. */
export const moduleBrand: unique symbol = Symbol.for("@chainrule/nn");
/** This copy of nn: an identity, since bundled copies can share a location. */
export const thisCopy: { readonly location: string } = { location: import.meta.url };

/** Throws: {@link BackendError} when `value` is a module or a tensor of another copy. */
export function ensureThisCopy(op: string, value: object): void {
  if (tensorBrand in value) ensureTensor(op, value);
  const { [moduleBrand]: copy = thisCopy } = value as { readonly [moduleBrand]?: typeof thisCopy };
  if (copy === thisCopy) return;
  throw new BackendError(op, "all modules must come from one copy of @chainrule/nn", {
    expected: `modules of the copy at ${thisCopy.location}`,
    got: `${formatValue(value)} of another copy at ${copy.location}`,
    fix: "Deduplicate: one version of @chainrule/nn in node_modules, and let bundlers resolve it once.",
  });
}
