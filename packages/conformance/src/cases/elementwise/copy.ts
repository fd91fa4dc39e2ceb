import { copy, tensor } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { ensure } from "../../verify.js";

export default defineCases("copy", (c) => {
  c.dtypes("any");
  c.reference((x) => x);
  c.gradient();
  c.check("has a storage of its own, row-major", ({ backend }) => {
    const x = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { backend },
    );
    const y = copy(x.T);
    ensure(`${y.strides}` === "2,1", `expected strides 2,1, got ${y.strides}`);
    ensure(y.storage !== x.storage, "expected another storage");
  });
});
