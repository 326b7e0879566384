import { expect } from "chai";

import { MissingLogsError, ParameterError, RpcError } from "../../../../sdk/src/errors";
import { type WaitOptions, waitUntil } from "../../../../sdk/src/progress/waitUntil";

/** A status, or an error to be thrown for it. */
type Step = { readonly type: string; readonly amount?: bigint } | Error;

describe("waitUntil", () => {
  /** Reads the steps one after another, the last for ever; over at "done". */
  const wait = (
    steps: readonly Step[],
    options: WaitOptions<{ type: string; amount?: bigint }> = {},
    outer?: AbortSignal,
  ) => {
    let reads = 0;
    const read = async () => {
      const step = steps[Math.min(reads++, steps.length - 1)]!;
      if (step instanceof Error) throw step;
      return Promise.resolve(step);
    };
    const isOver = ({ type }: { type: string }) => type === "done";
    const result = waitUntil({ operation: "waitForX", read, isOver }, { interval: 0, ...options }, outer).then(
      (value): unknown => value,
      (reason: unknown) => reason,
    );
    return { result, count: () => reads };
  };
  const down = new RpcError("l1", "eth_call", new Error("502"));

  it("returns the status that ends it, and reads no more", async () => {
    const { result, count } = wait([{ type: "sent" }, { type: "sent" }, { type: "done" }]);
    expect(await result).to.deep.equal({ type: "done" });
    expect(count()).to.equal(3);
  });

  it("tells each status that differs in type or number, also one that goes back", async () => {
    const seen: unknown[] = [];
    const steps = [
      ...[
        { type: "a" },
        { type: "a" },
        { type: "b", amount: 1n },
        { type: "b", amount: 1n },
        { type: "b", amount: 2n },
      ],
      ...[{ type: "a" }, { type: "done" }],
    ];
    await wait(steps, { onProgress: (status) => seen.push(status) }).result;
    expect(seen).to.deep.equal([
      { type: "a" },
      { type: "b", amount: 1n },
      { type: "b", amount: 2n },
      { type: "a" },
      { type: "done" },
    ]);
  });

  it("endures as many failures of the node in a row as its patience, and counts anew after an answer", async () => {
    const missing = new MissingLogsError("l1", 1, "behind");
    const steps = [down, missing, { type: "a" }, down, down, { type: "done" }];
    expect(await wait(steps, { patience: 2 }).result).to.deep.equal({ type: "done" });
  });

  it("gives up with the node's last error when its patience is over", async () => {
    const { result, count } = wait([{ type: "a" }, down, down, down, { type: "done" }], { patience: 2 });
    expect(await result).to.equal(down);
    expect(count()).to.equal(4);
  });

  it("does not try again what cannot pass by itself", async () => {
    const wrong = new ParameterError("number", 5n, "give another");
    const { result, count } = wait([wrong, { type: "done" }]);
    expect(await result).to.equal(wrong);
    expect(count()).to.equal(1);
  });

  it("ends in time, and says what it saw last", async () => {
    const error = await wait([{ type: "sent" }], { timeout: 30, interval: 5 }).result;
    expect(error).to.include({ name: "TimeoutError", operation: "waitForX", milliseconds: 30, lastStatus: "sent" });
  });

  it("ends in time also when nothing answers", async () => {
    const never = waitUntil<{ type: string }>(
      {
        operation: "waitForX",
        isOver: () => true,
        read: async ({ signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              reject(down);
            });
          }),
      },
      { timeout: 20, interval: 0 },
    );
    const error: unknown = await never.then(null, (reason: unknown) => reason);
    expect(error).to.include({ name: "TimeoutError", lastStatus: undefined });
  });

  it("ends by either signal, at once", async () => {
    const own = new AbortController();
    const waiting = wait([{ type: "sent" }], { signal: own.signal, interval: 60_000 });
    setTimeout(() => {
      own.abort();
    }, 10);
    expect(await waiting.result).to.include({ name: "AbortedError", operation: "waitForX" });
    const outer = wait([{ type: "sent" }], { interval: 60_000 }, AbortSignal.abort());
    expect(await outer.result).to.include({ name: "AbortedError" });
    expect(outer.count()).to.be.lessThan(2);
  });

  it("lets go of the signals it was given", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...parameters: Parameters<typeof add>) => {
      listeners++;
      add(...parameters);
    };
    signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
      listeners--;
      remove(...parameters);
    };
    await wait([{ type: "sent" }, { type: "done" }], { signal }).result;
    expect(listeners).to.equal(0);
  });

  for (const [name, options] of Object.entries({
    interval: { interval: -1 },
    timeout: { timeout: 2 ** 31 },
    patience: { patience: Number.NaN },
  })) {
    it(`refuses an impossible ${name}`, async () => {
      expect(await wait([{ type: "done" }], options).result).to.include({ name: "ParameterError", parameter: name });
    });
  }
});
