import { Writable } from "node:stream";
import pc from "picocolors";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { formatConfusion, formatCount, formatJson, formatSeconds, formatShare } from "./format.js";
import { createReporter, type Progress } from "./report.js";

/** A stream that keeps what is written, on a terminal or not. */
function recorder(isTTY: boolean) {
  let text = "";
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  return { output: Object.assign(stream, { isTTY, columns: 200 }), text: () => text };
}

function progress(epoch: number, done: number): Progress {
  return { epoch, done, samples: done * 20_000, loss: 0.5, accuracy: 0.9 };
}

describe("numbers", () => {
  it("read well", () => {
    expect(formatCount(12345.6)).toBe("12,346");
    expect(formatShare(0.97531)).toBe("97.53%");
    expect(formatSeconds(59.4)).toBe("59s");
    expect(formatSeconds(75)).toBe("1m 15s");
    expect(formatSeconds(Number.POSITIVE_INFINITY)).toBe("?");
  });
});

describe("formatJson", () => {
  const trained = { epochs: 3, samples: 180_000, seconds: 12.34567, loss: 0.0456789 };
  const tested = { accuracy: 0.9751, confusion: [] };

  it("has exactly the agreed keys, in order, on one line", () => {
    expect(formatJson("js", trained, tested)).toBe(
      '{"backend":"js","epochs":3,"seconds":12.346,"samplesPerSecond":14580,"testAccuracy":0.9751,"loss":0.045679}',
    );
  });

  it("stays JSON when the loss is no number", () => {
    const line = formatJson("js", { ...trained, loss: Number.NaN }, tested);
    expect(JSON.parse(line).loss).toBeNull();
  });
});

describe("formatConfusion", () => {
  const confusion = [
    [9, 1],
    [0, 20],
  ];

  it("has a row for each digit and the share that was right", () => {
    expect(formatConfusion(confusion, pc.createColors(false))).toMatchInlineSnapshot(`
      "digit  taken for
                0    1   right
          0     9    1   90.00%
          1     0   20  100.00%"
    `);
  });

  it("is coloured only when asked", () => {
    expect(formatConfusion(confusion, pc.createColors(true))).toContain("\u001b[");
    expect(formatConfusion(confusion, pc.createColors(false))).not.toContain("\u001b");
  });
});

describe("createReporter", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0, toFake: ["performance", "Date", "setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("writes plain lines off a terminal: one per epoch, and one in ten seconds", () => {
    const { output, text } = recorder(false);
    const reporter = createReporter(output, 2);
    vi.advanceTimersByTime(5_000);
    expect(reporter.wantsUpdate()).toBe(false);
    vi.advanceTimersByTime(5_001);
    expect(reporter.wantsUpdate()).toBe(true);
    reporter.update(progress(0, 0.25));
    expect(reporter.wantsUpdate()).toBe(false);
    vi.advanceTimersByTime(9_999);
    reporter.endEpoch(progress(0, 0.5));
    vi.advanceTimersByTime(20_000);
    reporter.endEpoch(progress(1, 1));
    reporter.close();
    expect(text()).toMatchInlineSnapshot(`
      "epoch 1/2   50%  500 samples/s  loss 0.500  accuracy 90.0%  ETA 30s
      epoch 1/2  100%  500 samples/s  loss 0.500  accuracy 90.0%  ETA 20s
      epoch 2/2  100%  500 samples/s  loss 0.500  accuracy 90.0%  40s
      "
    `);
    expect(text()).not.toContain("\u001b");
  });

  it("draws a bar on a terminal, one per epoch, and gives the terminal back", () => {
    const { output, text } = recorder(true);
    const reporter = createReporter(output, 2);
    vi.advanceTimersByTime(1_000);
    reporter.update(progress(0, 0.25));
    vi.advanceTimersByTime(1_000);
    reporter.endEpoch(progress(0, 0.5));
    reporter.update(progress(1, 0.75));
    expect(text()).toMatch(
      /epoch 1\/2 █+░+ 50% {2}.*samples\/s {2}loss 0\.500 {2}accuracy 90\.0% {2}ETA \ds/,
    );
    expect(text()).toMatch(/epoch 1\/2 █+ 100%/);
    expect(text()).toContain("epoch 2/2");
    reporter.close();
    reporter.close();
    // Line wrapping, which the bar switches off, is on again.
    expect(text().lastIndexOf("\u001b[?7h")).toBeGreaterThan(text().lastIndexOf("\u001b[?7l"));
    expect(vi.getTimerCount()).toBe(0);
  });
});
