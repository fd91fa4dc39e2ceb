import { gpujs } from "@chainrule/backend-gpujs";
import { serve } from "../serve.js";
import { chainrule } from "./chainrule.js";

serve(async () => chainrule(await gpujs()));
