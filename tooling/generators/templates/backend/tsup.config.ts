import { library } from "@chainrule/build";

export default library({ entry: ["src/index.ts"] });
