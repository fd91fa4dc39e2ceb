import { expect, it } from "vitest";
import { inTurns, rates, summarize } from "./rounds.js";

it("all take turns, and one that fails drops out", async () => {
  const order: string[] = [];
  const turn = (name: string, rounds: number, failsAt = Number.NaN) => {
    let round = 0;
    return {
      rounds,
      take: async () => {
        order.push(name);
        if (++round === failsAt) throw new Error("broken");
        return round;
      },
    };
  };
  const samples = await inTurns([turn("a", 3), turn("b", 3, 2), turn("c", 1)]);
  expect(order.join("")).toBe("abcaba");
  expect(samples).toEqual([[1, 2, 3], new Error("broken"), [1]]);
});

it("rates are runs per second, of rounds as long as asked for", async () => {
  const counts: number[] = [];
  const timed = async (times: number) => {
    counts.push(times);
    return times * 2; // milliseconds
  };
  const [samples] = await rates([timed], { rounds: 2, seconds: 0.1 });
  expect(samples).toEqual([500, 500]);
  expect(counts.slice(-2)).toEqual([50, 50]);
});

it("slow work is run once a round, in three rounds", async () => {
  const counts: number[] = [];
  const [samples] = await rates(
    [
      async (times) => {
        counts.push(times);
        return 4000;
      },
    ],
    { rounds: 7, seconds: 0.1 },
  );
  expect(samples).toEqual([0.25, 0.25, 0.25]);
  expect(counts).toEqual([1, 1, 1, 1]);
});

it("the spread is that of the extremes", () => {
  expect(summarize([4, 1, 2])).toEqual({ median: 2, spread: 1.5 });
  expect(summarize([1, 2, 3, 6])).toEqual({ median: 2.5, spread: 2 });
});
