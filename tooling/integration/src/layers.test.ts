// The drawing in ARCHITECTURE.md as a check: arrows between packages point down only.

import { expect, test } from "vitest";
import { type Manifest, manifests } from "./repository.js";

const core = "@chainrule/core";
const kernel = "@chainrule/kernel";
const facade = "chainrule";

const backend = /^@chainrule\/backend-[a-z]+$/;

/** What backends may use, development included: never each other. */
const backendsMayUse = [core, kernel, "@chainrule/conformance"];

/** The same of every other published package. A new one gets its line here. */
const mayUse: Readonly<Record<string, readonly string[]>> = {
  [kernel]: [],
  [core]: [kernel],
  "@chainrule/init": [core],
  "@chainrule/nn": [core, "@chainrule/init"],
  "@chainrule/optim": [core],
  "@chainrule/data": [core],
  "@chainrule/conformance": [core, kernel, "@chainrule/init", "@chainrule/nn", "@chainrule/optim"],
  [facade]: [
    core,
    "@chainrule/init",
    "@chainrule/nn",
    "@chainrule/optim",
    "@chainrule/data",
    "@chainrule/backend-js",
  ],
};

const all = manifests();
const published = all.filter((manifest) => !manifest.private);
const workspaceNames = new Set(all.map((manifest) => manifest.name));

function workspaceDependencies(manifest: Manifest): string[] {
  const { dependencies, devDependencies, peerDependencies } = manifest;
  const names = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
  return names.filter((name) => workspaceNames.has(name));
}

test.each(published.map((own) => [own.name, own] as const))(
  "%s uses only packages below it",
  (name, own) => {
    const used = workspaceDependencies(own).filter(
      (dependency) => dependency !== "@chainrule/build",
    );
    const allowed = backend.test(name) ? backendsMayUse : mayUse[name];
    expect(allowed).toEqual(expect.arrayContaining(used));
  },
);

const aboveCore = published.filter(({ name }) => ![kernel, core, facade].includes(name));

test.each(aboveCore.map((own) => [own.name, own] as const))(
  "%s shares its user's core",
  (_, own) => {
    expect(own.dependencies ?? {}).not.toHaveProperty([core]);
    expect(own.peerDependencies).toHaveProperty([core], "workspace:>=0.1.0 <1");
    expect(own.devDependencies).toHaveProperty([core], "workspace:*");
  },
);

test("no circle runs through the workspace, development included", () => {
  const open = new Map(all.map((manifest) => [manifest.name, workspaceDependencies(manifest)]));
  for (let closed = 1; closed > 0; ) {
    const ready = [...open].filter(([, uses]) => uses.every((name) => !open.has(name)));
    for (const [name] of ready) open.delete(name);
    closed = ready.length;
  }
  expect([...open.keys()]).toEqual([]);
});
