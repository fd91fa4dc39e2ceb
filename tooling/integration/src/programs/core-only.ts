// Core alone: nothing has been said about where to compute.

import { zeros } from "@chainrule/core";

try {
  zeros([2]);
} catch (error) {
  console.log(String(error));
}
