import { compile, js } from "chainrule";
import { serve } from "../serve.js";
import { chainrule } from "./chainrule.js";

serve(() => chainrule(js(), (step) => compile(step)));
