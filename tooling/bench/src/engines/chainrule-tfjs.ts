import { tfjs } from "@chainrule/backend-tfjs";
import { serve } from "../serve.js";
import { chainrule } from "./chainrule.js";

serve(async () => chainrule(await tfjs()));
