import { Writable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { main } from "./main.js";
import type { Output } from "./report.js";

/** Runs a command line and keeps what it writes. */
async function run(line: string, isTTY = false, env: Record<string, string> = {}) {
  const written = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof written): Output => {
    const sink = new Writable({
      write(chunk, _, done) {
        written[name] += String(chunk);
        done();
      },
    });
    return Object.assign(sink, { isTTY, columns: 100 });
  };
  const streams = { stdout: stream("stdout"), stderr: stream("stderr") };
  const code = await main(line.split(" ").filter(Boolean), { ...streams, env });
  return { code, ...written };
}

describe("main", () => {
  it("answers a wrong command line with code 2 and what to do, on stderr", async () => {
    const { code, stdout, stderr } = await run("--epocs 3");
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatchInlineSnapshot(`
      "mnist: unknown flag --epocs: expected one of --backend --model --epochs --batch --lr --optimizer --schedule --seed --limit --eager --explain --json
      Run \`pnpm mnist --help\` to see what there is.
      "
    `);
  });

  it("answers --help with code 0, whatever else is given", async () => {
    const { code, stdout, stderr } = await run("--wrong --help");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("--optimizer=<adam|sgd>");
  });

  it("with --json, ends stdout with the agreed line and writes nothing else there", async () => {
    const { code, stdout, stderr } = await run("--limit 256 --epochs 2 --json");
    expect(code).toBe(0);
    const result: unknown = JSON.parse(stdout);
    expect(Object.keys(result as object)).toEqual([
      "backend",
      "epochs",
      "seconds",
      "samplesPerSecond",
      "testAccuracy",
      "loss",
    ]);
    expect(result).toMatchObject({ backend: "js", epochs: 2 });
    expect(stdout.endsWith("}\n")).toBe(true);
    expect(stderr).toMatch(/epoch 2\/2 {2}100%/);
    expect(stderr).toContain("test accuracy");
    expect(stderr).not.toContain("\u001b");
  });

  it.each(["tfjs", "gpujs"])("learns the same with --backend %s", async (backend) => {
    vi.spyOn(console, "warn").mockImplementation(() => {}); // the greeting of tfjs-cpu
    const line = "--limit 128 --epochs 1 --json --backend";
    const lossOn = async (name: string): Promise<number> =>
      JSON.parse((await run(`${line} ${name}`)).stdout).loss;
    expect(await lossOn(backend)).toBeCloseTo(await lossOn("js"), 4);
  });

  it("learns the same with --eager", async () => {
    const line = "--limit 128 --epochs 1 --json";
    const lossOf = async (line: string): Promise<number> =>
      JSON.parse((await run(line)).stdout).loss;
    expect(await lossOf(`${line} --eager`)).toBeCloseTo(await lossOf(line), 5);
  });

  it("shows the step with --explain: forward, backward and update", async () => {
    const { stdout } = await run("--limit 128 --epochs 1 --explain");
    const text = stdout.slice(stdout.indexOf("training step, program 1"));
    expect(text).toMatch(
      /of \(uint8\[64, 28, 28\], int32\[64\]\) on "js": \d+ operations in \d+ kernels/,
    );
    for (const row of [
      /forward .*\[64, 128\].*Linear: matmul \+ add \+ relu/,
      /forward.* logSoftmax/,
      /backward .*matmul \+ reluMask/,
      /update .*\[128, 784\].*Adam: matmul \+ .* sqrt/,
      /reads and writes Linear\.weight \(float32, 100352 elements\)/,
    ])
      expect(text).toMatch(row);
  });

  it("colours a terminal, but not where NO_COLOR is set", async () => {
    const bold = "\u001b[1m";
    const line = "--limit 64 --epochs 1";
    expect((await run(line, true)).stdout).toContain(bold);
    expect((await run(line, true, { NO_COLOR: "1" })).stdout).not.toContain(bold);
  });

  it("fails with code 1 and advice when the loss is no number any more", async () => {
    const { code, stderr } = await run(
      "--limit 256 --optimizer sgd --schedule constant --lr 1e30 --epochs 3",
    );
    expect(code).toBe(1);
    expect(stderr).toContain("Lower --lr");
  });
});
