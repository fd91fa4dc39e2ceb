// Who takes part. To add an engine: a file here that serves tasks, and its line in this list.

/** A library, or a way to use one, that runs in a process of its own. */
export interface Engine {
  readonly name: string;
  /** `yardstick` is written by hand, `native` is no JavaScript: neither is a peer to be beaten. */
  readonly role: "ours" | "peer" | "yardstick" | "native";
  /** The program in this folder. */
  readonly file: string;
  /** Packages whose versions are named. */
  readonly packages: readonly string[];
  /** A program for W1 on a page, and the files it loads, of installed packages: W8 measures these. */
  readonly program?: { readonly file: string; readonly assets: readonly string[] };
  /** The workloads it takes part in, as `--only` names them; default: all. */
  readonly only?: readonly string[];
  /** Why its numbers are not of the same work; values are then not compared. */
  readonly otherWork?: string;
}

const tfjs = ["@tensorflow/tfjs-core"];

/** In the order of the tables; the first is what others are related to. */
export const engines: readonly Engine[] = [
  {
    name: "chainrule-eager",
    role: "ours",
    file: "chainrule-eager.ts",
    packages: ["chainrule"],
    program: { file: "programs/chainrule.ts", assets: [] },
  },
  {
    name: "chainrule-compiled",
    role: "ours",
    file: "chainrule-compiled.ts",
    packages: ["chainrule"],
    only: ["w1", "w2", "w3", "w4", "w7"],
  },
  // Ours on other engines, where a step is quick.
  {
    name: "chainrule-tfjs",
    role: "ours",
    file: "chainrule-tfjs.ts",
    packages: ["chainrule", ...tfjs],
    only: ["w1/b64", "w3", "w4"],
  },
  {
    name: "chainrule-gpujs",
    role: "ours",
    file: "chainrule-gpujs.ts",
    packages: ["chainrule", "gpu.js"],
    only: ["w1/b64", "w4"],
  },
  {
    name: "tfjs-cpu",
    role: "peer",
    file: "tfjs-cpu.ts",
    packages: tfjs,
    program: { file: "programs/tfjs-cpu.ts", assets: [] },
  },
  {
    name: "tfjs-wasm",
    role: "peer",
    file: "tfjs-wasm.ts",
    packages: tfjs,
    program: {
      file: "programs/tfjs-wasm.ts",
      assets: ["@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm"],
    },
  },
  {
    name: "jax-js",
    role: "peer",
    file: "jax-js.ts",
    packages: ["@jax-js/jax"],
    program: { file: "programs/jax-js.ts", assets: [] },
  },
  {
    name: "brain.js",
    role: "peer",
    file: "brain.ts",
    packages: ["brain.js"],
    program: { file: "programs/brain.ts", assets: [] },
    only: ["w1", "w4", "w8/start", "w8/size"],
    otherWork: "an update after each example, squared error",
  },
  {
    name: "typed-arrays",
    role: "yardstick",
    file: "typed-arrays.ts",
    packages: [],
    program: { file: "programs/typed-arrays.ts", assets: [] },
    only: ["w1", "w4", "w5", "w8/start", "w8/size"],
  },
  {
    name: "typed-arrays-blocked",
    role: "yardstick",
    file: "typed-arrays-blocked.ts",
    packages: [],
    only: ["w1", "w5"],
  },
  { name: "pytorch", role: "native", file: "pytorch.py", packages: [] },
];
