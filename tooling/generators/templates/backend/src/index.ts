// Says in one line what this backend computes with.

export { __name__ } from "./backend.js";
