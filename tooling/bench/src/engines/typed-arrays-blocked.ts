// Loops by hand on typed arrays, with the product whose accumulators stay in registers.

import { serve } from "../serve.js";
import { blocked } from "../yardsticks/products.js";
import { typedArrays } from "./typed-array-tasks.js";

serve(() => typedArrays(blocked));
