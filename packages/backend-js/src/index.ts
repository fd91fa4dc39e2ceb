// The JavaScript backend.

export { type JsOptions, js } from "./backend.js";
