// Layers that @chainrule/nn does not have, of operations.

import {
  type Backend,
  Linear,
  layerNorm,
  Module,
  parameter,
  split,
  stack,
  type Tensor,
  unstack,
  zeros,
} from "chainrule";
import type { LayerOf } from "../task.js";

/** The tanh form: `x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))`. */
export function gelu(x: Tensor): Tensor {
  const inner = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
  return x.mul(0.5).mul(inner.tanh().add(1));
}

/** One layer; x [T, B, inputs] → the hidden states [T, B, hidden]. */
export class Lstm extends Module {
  readonly inputWeight: Tensor;
  readonly hiddenWeight: Tensor;
  readonly inputBias: Tensor;
  readonly hiddenBias: Tensor;
  readonly hidden: number;

  constructor({ inputs, hidden }: LayerOf<"lstm">, backend: Backend) {
    super();
    this.hidden = hidden;
    this.inputWeight = parameter(zeros([4 * hidden, inputs], { backend }));
    this.hiddenWeight = parameter(zeros([4 * hidden, hidden], { backend }));
    this.inputBias = parameter(zeros([4 * hidden], { backend }));
    this.hiddenBias = parameter(zeros([4 * hidden], { backend }));
  }

  forward(x: Tensor): Tensor {
    const batch = x.shape[1] ?? 0;
    const { backend } = x;
    const fromInput = x.matmul(this.inputWeight.T).add(this.inputBias).add(this.hiddenBias);
    let h: Tensor = zeros([batch, this.hidden], { backend });
    let c = h;
    const states: Tensor[] = [];
    for (const given of unstack(fromInput)) {
      const gates = given.add(h.matmul(this.hiddenWeight.T));
      const [i, f, g, o] = split(gates, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
      c = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
      h = o.sigmoid().mul(c.tanh());
      states.push(h);
    }
    return stack(states);
  }
}

/** `y = x + attention(norm(x))`, then `y + ff(norm(y))`. */
export class Transformer extends Module {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly up: Linear;
  readonly down: Linear;
  readonly heads: number;

  constructor({ width, heads, hidden }: LayerOf<"transformer">, backend: Backend) {
    super();
    this.heads = heads;
    this.query = new Linear(width, width, { bias: false, backend });
    this.key = new Linear(width, width, { bias: false, backend });
    this.value = new Linear(width, width, { bias: false, backend });
    this.output = new Linear(width, width, { bias: false, backend });
    this.up = new Linear(width, hidden, { backend });
    this.down = new Linear(hidden, width, { backend });
  }

  forward(x: Tensor): Tensor {
    const width = x.shape[2] ?? 0;
    const y = x.add(attention(this, layerNorm(x, width)));
    return y.add(this.down.forward(gelu(this.up.forward(layerNorm(y, width)))));
  }
}

function attention({ heads, query, key, value, output }: Transformer, x: Tensor): Tensor {
  const [batch = 0, time = 0, width = 0] = x.shape;
  const perHead = width / heads;
  const perHeadOf = (projection: Linear): Tensor =>
    projection.forward(x).reshape([batch, time, heads, perHead]).permuteDims([0, 2, 1, 3]);
  const scores = perHeadOf(query).matmul(perHeadOf(key).mT);
  const mixed = scores
    .mul(1 / Math.sqrt(perHead))
    .softmax()
    .matmul(perHeadOf(value));
  return output.forward(mixed.permuteDims([0, 2, 1, 3]).reshape([batch, time, width]));
}
