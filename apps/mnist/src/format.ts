// Numbers and tables as people read them. No output here.

import type { Colors } from "picocolors/types.js";
import type { Evaluation } from "./evaluate.js";
import type { TrainResult } from "./train.js";

/** `12345.6` as `12,346`. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `0.97531` as `97.53%`. */
export function formatShare(value: number, digits = 2): string {
  return `${(100 * value).toFixed(digits)}%`;
}

/** `75` as `1m 15s`. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  return minutes === 0 ? `${rest}s` : `${minutes}m ${String(rest).padStart(2, "0")}s`;
}

/** The table of guesses: a row for each digit, a column for each guess, and the share that was right. */
export function formatConfusion(confusion: Evaluation["confusion"], colours: Colors): string {
  const cell = (text: string): string => text.padStart(5);
  const digits = confusion.map((_, digit) => cell(String(digit))).join("");
  const lines = confusion.map((row, digit) => {
    const counts = row.map((count, guess) => {
      const text = cell(String(count));
      if (guess === digit) return colours.bold(text);
      return count === 0 ? colours.dim(text) : text;
    });
    const total = row.reduce((sum, count) => sum + count, 0);
    const right = total === 0 ? "" : formatShare((row[digit] ?? 0) / total);
    return `${cell(String(digit))} ${counts.join("")}  ${right.padStart(7)}`;
  });
  return [`digit  taken for`, `${cell("")} ${digits}   right`, ...lines].join("\n");
}

/** The last line of `--json`. Shares are 0 to 1; `epochs` is a fraction when the run was stopped. */
export function formatJson(backend: string, trained: TrainResult, tested: Evaluation): string {
  const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
  return JSON.stringify({
    backend,
    epochs: rounded(trained.epochs, 4),
    seconds: rounded(trained.seconds, 3),
    samplesPerSecond: rounded(trained.samples / trained.seconds, 1),
    testAccuracy: rounded(tested.accuracy, 6),
    loss: rounded(trained.loss, 6),
  });
}
