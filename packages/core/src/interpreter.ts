// The slow, obviously right backend, an entry of its own: for tests and as a model for other backends.

export { interpreter } from "./backend/interpreter-backend.js";
