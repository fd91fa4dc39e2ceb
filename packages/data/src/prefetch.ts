// Runs a numbered list of jobs in order, a few ahead of the reader, and lets the event loop turn.

/** How long batches may follow each other before timers, keys and frames get their turn. */
const turnMilliseconds = 25;

/**
 * Yields `make(0)` … `make(count - 1)` in order. While the reader works on one, up to `ahead` more are
 * made, one each time the event loop is free; a reader that is faster than that gets the next one made
 * at once. An error of `make` reaches the reader at its own place in the order.
 */
export async function* prefetched<B>(
  count: number,
  ahead: number,
  make: (index: number) => B | Promise<B>,
): AsyncGenerator<B, void, undefined> {
  const ready: Promise<B>[] = [];
  let started = 0;
  let waiting = false;
  let open = true;
  let lastTurn = performance.now();

  const start = (): Promise<B> => {
    const index = started++;
    const batch = (async () => make(index))();
    // The reader may stop before it comes to this one; then nobody else looks at its failure.
    batch.catch(() => {});
    return batch;
  };
  const fillLater = async (): Promise<void> => {
    if (waiting) return;
    waiting = true;
    while (open && ready.length < ahead && started < count) {
      await nextTurn();
      lastTurn = performance.now();
      if (open && ready.length < ahead && started < count) ready.push(start());
    }
    waiting = false;
  };

  try {
    for (let index = 0; index < count; index++) {
      if (performance.now() - lastTurn > turnMilliseconds) {
        await nextTurn();
        lastTurn = performance.now();
      }
      const batch = await (ready.shift() ?? start());
      void fillLater();
      yield batch;
    }
  } finally {
    open = false;
  }
}

/** Resolves after the event loop has looked at everything else that waits. */
function nextTurn(): Promise<void> {
  // Not setTimeout: browsers hold it back for 4 ms, Node for 1 ms.
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    // Assigned, not added: only `onmessage` starts the port by itself.
    const onmessage = (): void => {
      port1.close();
      resolve();
    };
    Object.assign(port1, { onmessage });
    port2.postMessage(null);
  });
}
