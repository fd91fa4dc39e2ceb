// Loops by hand on typed arrays, with the plain product: what there is in ../yardsticks.

import { serve } from "../serve.js";
import { plain } from "../yardsticks/products.js";
import { typedArrays } from "./typed-array-tasks.js";

serve(() => typedArrays(plain));
