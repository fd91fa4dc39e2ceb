// All that there is, as a second copy of Chainrule for tests.

export * from "chainrule";
