"""PyTorch, eager, on one thread: the protocol of ../protocol.ts, tasks as ../handover.ts writes them."""

import json
import math
import os
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def read_task(folder):
    raw = np.fromfile(os.path.join(folder, "arrays.bin"), dtype=np.uint8)

    def array(place):
        if "offset" not in place:
            return place
        end = place["offset"] + 4 * place["length"]
        return raw[place["offset"] : end].view(place["dtype"]).copy()

    with open(os.path.join(folder, "task.json")) as file:
        return json.load(file, object_hook=array)


def given(array):
    return torch.from_numpy(array["data"]).reshape(array["shape"])


def parameter_count(layer):
    return {"linear": 2, "conv": 2, "lstm": 4, "transformer": 8}.get(layer["name"], 0)


def layer_norm(x):
    return F.layer_norm(x, x.shape[-1:])


def gelu(x):
    return F.gelu(x, approximate="tanh")


def transformer(x, weights, heads):
    query, key, value, output, up, up_bias, down, down_bias = weights
    batch, steps, width = x.shape
    normed = layer_norm(x)

    def per_head(weight):
        return F.linear(normed, weight).reshape(batch, steps, heads, width // heads).transpose(1, 2)

    scores = per_head(query) @ per_head(key).transpose(-2, -1) * (1 / math.sqrt(width // heads))
    mixed = (F.softmax(scores, -1) @ per_head(value)).transpose(1, 2).reshape(batch, steps, width)
    y = x + F.linear(mixed, output)
    return y + F.linear(gelu(F.linear(layer_norm(y), up, up_bias)), down, down_bias)


def lstm(x, weights, hidden):
    h = torch.zeros(1, x.shape[1], hidden)
    # has biases, layers, dropout, training, bidirectional, batch first
    return torch.lstm(x, (h, h), weights, True, 1, 0.0, True, False, False)[0]


def forward(layer, x, weights):
    name = layer["name"]
    if name == "linear":
        return F.linear(x, *weights)
    if name == "conv":
        return F.conv2d(x, *weights)
    if name == "maxPool":
        return F.max_pool2d(x, layer["window"])
    if name == "flatten":
        return x.flatten(1)
    if name == "relu":
        return F.relu(x)
    if name == "sigmoid":
        return torch.sigmoid(x)
    if name == "lstm":
        return lstm(x, weights, layer["hidden"])
    return transformer(x, weights, layer["heads"])


def loss_of(task, output, target):
    if task["loss"] == "meanSquare":
        return output.square().mean()
    if task["loss"] == "squaredError":
        return F.mse_loss(output, target)
    return F.cross_entropy(output, target)


class Training:
    def __init__(self, task):
        self.task = task
        weights = [given(array).requires_grad_() for array in task["parameters"]]
        make = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[task["optimizer"]["name"]]
        self.optimizer = make(weights, lr=task["optimizer"]["lr"])
        self.layers = []
        for layer in task["layers"]:
            count = parameter_count(layer)
            self.layers.append((layer, weights[:count]))
            weights = weights[count:]
        self.next = 0
        self.kept = [self.give(batch) for batch in task["batches"]] if task["resident"] else None

    @staticmethod
    def give(batch):
        x, y = batch["x"], batch["y"]
        if y is None:
            return given(x), None
        # Classes are 64-bit in PyTorch.
        return given(x), given(y).long() if y["data"].dtype == np.int32 else given(y)

    def step(self):
        index = self.next % len(self.task["batches"])
        self.next += 1
        x, y = self.kept[index] if self.kept else self.give(self.task["batches"][index])
        self.optimizer.zero_grad(set_to_none=True)
        for layer, weights in self.layers:
            x = forward(layer, x, weights)
        loss = loss_of(self.task, x, y)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def values(self):
        return [self.step() for _ in range(self.task["checkedSteps"])]

    def run(self, times):
        for _ in range(times):
            self.step()


def convolution_gradient(inputs, stride, which):
    x, weight, slope = inputs
    mask = [which == 0, which == 1, False]
    args = ([stride, stride], [0, 0], [1, 1], False, [0, 0], 1, mask)
    return torch.ops.aten.convolution_backward(slope, x, weight, [0], *args)[which]


class Call:
    def __init__(self, task):
        inputs = [given(array) for array in task["inputs"]]
        a, b = (inputs * 2)[:2]
        stride = task.get("stride", 1)
        self.call = {
            "add": lambda: a + b,
            "conv": lambda: F.conv2d(a, b, stride=stride),
            "convInputGradient": lambda: convolution_gradient(inputs, stride, 0),
            "convWeightGradient": lambda: convolution_gradient(inputs, stride, 1),
            "gelu": lambda: gelu(a),
            "layerNorm": lambda: layer_norm(a),
            "matmul": lambda: a @ b,
            "relu": lambda: torch.relu(a),
            "reshape": lambda: a.reshape(1, 1),
            "scale": lambda: a * 0.5,
            "softmax": lambda: F.softmax(a, -1),
            "sum": lambda: a.sum(),
            "transpose": lambda: a.t().contiguous(),
        }[task["function"]]

    def values(self):
        return self.call().flatten().tolist()

    def run(self, times):
        with torch.no_grad():
            for _ in range(times):
                self.call()


def sample(values):
    count = min(len(values), 1000)
    chosen = (values[i * len(values) // count] for i in range(count))
    return [value if math.isfinite(value) else str(value) for value in chosen]


def serve():
    replies = os.fdopen(3, "w", buffering=1)
    runner = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "task" in request:
                task = read_task(request["task"])
                runner = {"training": Training, "call": Call}[task["kind"]](task)
                begin = time.perf_counter()
                values = sample(runner.values())
                taken = 1000 * (time.perf_counter() - begin)
                reply = {"values": values, "milliseconds": taken / task.get("checkedSteps", 1)}
            else:
                begin = time.perf_counter()
                runner.run(request["run"])
                taken = 1000 * (time.perf_counter() - begin)
                peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                reply = {"milliseconds": taken, "peakBytes": peak}
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), file=replies)


serve()
