import "@tensorflow/tfjs-backend-cpu";
import { trainOnce } from "./tfjs.js";

trainOnce("cpu");
