// The side of this program: an engine in a process of its own, asked one thing at a time.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Prepared, Ran, Reply, Request } from "./protocol.js";

/** How an engine's process is started. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** How long an engine may take to answer, in seconds. */
const patience = 180;

/** An engine at work; waits for requests without using the processor. */
export class EngineProcess {
  readonly #child: ChildProcess;
  readonly #replies: AsyncIterator<string>;
  #complaint = "";

  constructor({ program, args }: Command) {
    this.#child = spawn(program, args, {
      stdio: ["pipe", "ignore", "pipe", "pipe"],
      // One thread; where there are more of them they do not burn the others' time while they wait.
      env: { ...process.env, OMP_NUM_THREADS: "1", OMP_WAIT_POLICY: "PASSIVE" },
    });
    this.#child.on("error", (error) => {
      this.#complaint += error.message;
    });
    this.#child.stdin?.on("error", () => {}); // of a dead process; its missing reply is reported
    this.#child.stderr?.on("data", (text: Buffer) => {
      this.#complaint = (this.#complaint + text.toString()).slice(-500);
    });
    const lines: Interface = createInterface({ input: this.#child.stdio[3] as Readable });
    this.#replies = lines[Symbol.asyncIterator]();
  }

  /** Has it read the task in `folder`; resolves to what must agree. Throws: why it cannot. */
  async prepare(folder: string): Promise<Prepared> {
    return (await this.#ask({ task: folder })) as Prepared;
  }

  /** Does the task `times` times. Throws: an Error when it fails, or takes too long. */
  async run(times: number): Promise<Ran> {
    return (await this.#ask({ run: times })) as Ran;
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }

  async #ask(request: Request): Promise<Exclude<Reply, { error: string }>> {
    (this.#child.stdin as Writable).write(`${JSON.stringify(request)}\n`);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.stop();
        reject(new Error(`too slow: no answer in ${patience} s`));
      }, patience * 1000);
    });
    try {
      const { done, value } = await Promise.race([this.#replies.next(), late]);
      if (done === true) {
        throw new Error(`died: ${this.#complaint.trim().split("\n").at(-1) || "without a word"}`);
      }
      const reply = JSON.parse(value) as Reply;
      if ("error" in reply) throw new Error(reply.error);
      return reply;
    } finally {
      clearTimeout(timer);
    }
  }
}
