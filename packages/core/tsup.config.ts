import { library } from "@chainrule/build";

export default library({
  entry: [
    "src/index.ts",
    "src/compile.ts",
    "src/interpreter.ts",
    "src/linalg.ts",
    "src/observe.ts",
  ],
});
