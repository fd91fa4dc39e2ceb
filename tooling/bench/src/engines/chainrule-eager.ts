import { js } from "chainrule";
import { serve } from "../serve.js";
import { chainrule } from "./chainrule.js";

serve(() => chainrule(js()));
