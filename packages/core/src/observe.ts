// Watching what a program computes and repeating it elsewhere, an entry of its own: for tools such as the
// lockstep differ of the conformance package, and for what wants a name in what they say.

export { exchangeDevice } from "./backend/current.js";
export {
  announce,
  noteRead,
  type Observer,
  observe,
  refuseRecording,
  unrecorded,
} from "./debug/observe.js";
export { type ArrayOperand, repeat } from "./debug/repeat.js";
export { deviceOf } from "./engine/device.js";
