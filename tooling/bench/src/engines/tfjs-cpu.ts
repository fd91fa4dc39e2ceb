import "@tensorflow/tfjs-backend-cpu";
import { serve } from "../serve.js";
import { tensorFlow } from "./tfjs.js";

serve(() => tensorFlow("cpu"));
