import type { ReadOptions } from "../context";
import {
  AbortedError,
  EMetisError,
  LogRangeError,
  MissingLogsError,
  ParameterError,
  ReorgError,
  RpcAnswerError,
  RpcError,
  RpcTimeoutError,
  TimeoutError,
} from "../errors";

/** How to wait. */
export interface WaitOptions<S> {
  /** Told of the first status and of each that differs from the one before, in type or numbers. A status may go back. */
  readonly onProgress?: (status: S) => void;
  /** Ends the wait; beside the context's signal. */
  readonly signal?: AbortSignal;
  /** Milliseconds between two reads. @defaultValue 15,000 */
  readonly interval?: number;
  /** Milliseconds to wait at most; at most 2³¹ − 1, which are 24 days. @defaultValue no end */
  readonly timeout?: number;
  /** How many reads in a row may fail before their error ends the wait. @defaultValue 5 */
  readonly patience?: number;
}

/** Reads a status until it is the one waited for. */
export interface Wait<S> {
  /** What the errors call it. */
  readonly operation: string;
  /** Reads the status; it is to end by the signal. */
  readonly read: (options: Required<Pick<ReadOptions, "signal">>) => Promise<S>;
  readonly isOver: (status: S) => boolean;
}

/** More milliseconds make a timer ring at once. */
const greatestDelay = 2 ** 31 - 1;
/** What may pass by itself: a node that is down, behind, or between two chains. */
const passing = [RpcError, RpcTimeoutError, RpcAnswerError, LogRangeError, MissingLogsError, ReorgError];

/**
 * Reads a status again and again until it is over. Failures of the node are endured, `patience` in a row; all else ends the wait.
 *
 * @throws {@link TimeoutError} when it takes too long, {@link AbortedError} by a signal, {@link ParameterError} for an interval, timeout
 * or patience that makes no sense, and what the last read of too many failed with.
 * @example
 * const status = await waitUntil({ operation: "waitForX", read, isOver: ({ type }) => type === "minted" }, { timeout: 60_000 });
 */
export async function waitUntil<S extends { readonly type: string }>(
  wait: Wait<S>,
  options: WaitOptions<S>,
  contextSignal?: AbortSignal,
): Promise<S> {
  const { interval = 15_000, timeout, patience = 5, signal } = options;
  checkInteger("interval", interval, 0);
  checkInteger("patience", patience, 0);
  if (timeout !== undefined) checkInteger("timeout", timeout, 1);
  const ending = new AbortController();
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(() => {
          ending.abort(timeUp);
        }, timeout);
  const letGo = [signal, contextSignal].map((outer) => follow(outer, ending));
  const seen: { type?: string } = {};
  try {
    return await poll(wait, { ...options, interval, patience, signal: ending.signal }, seen);
  } catch (error) {
    if (timeout !== undefined && ending.signal.reason === timeUp && error instanceof AbortedError) {
      throw new TimeoutError(wait.operation, timeout, seen.type);
    }
    throw error;
  } finally {
    clearTimeout(timer);
    for (const release of letGo) release();
  }
}

const timeUp = new Error("time is up");

async function poll<S extends { readonly type: string }>(
  { operation, read, isOver }: Wait<S>,
  options: WaitOptions<S> & { readonly interval: number; readonly patience: number; readonly signal: AbortSignal },
  seen: { type?: string },
): Promise<S> {
  const { interval, patience, signal, onProgress } = options;
  let failures = 0;
  let last: string | undefined;
  for (;;) {
    const status = await attempt(read, signal);
    if (status instanceof EMetisError) {
      if (++failures > patience) throw status;
    } else {
      failures = 0;
      seen.type = status.type;
      const shown = fingerprint(status);
      if (shown !== last) onProgress?.(status);
      last = shown;
      if (isOver(status)) return status;
    }
    await sleep(operation, interval, signal);
  }
}

/** The status, or an error that may pass. */
async function attempt<S>(read: Wait<S>["read"], signal: AbortSignal): Promise<S | EMetisError> {
  try {
    return await read({ signal });
  } catch (error) {
    if (error instanceof EMetisError && passing.some((kind) => error instanceof kind)) return error;
    throw error;
  }
}

async function sleep(operation: string, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new AbortedError(operation, signal.reason);
  await new Promise<void>((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(new AbortedError(operation, signal.reason));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** Aborts `inner` when `outer` is; the returned function lets go. */
function follow(outer: AbortSignal | undefined, inner: AbortController): () => void {
  if (outer === undefined) return () => undefined;
  const onAbort = () => {
    inner.abort(outer.reason);
  };
  if (outer.aborted) onAbort();
  outer.addEventListener("abort", onAbort, { once: true });
  return () => {
    outer.removeEventListener("abort", onAbort);
  };
}

function fingerprint(status: object): string {
  return JSON.stringify(status, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}

function checkInteger(parameter: string, value: number, minimum: number): void {
  if (Number.isSafeInteger(value) && value >= minimum && value <= greatestDelay) return;
  throw new ParameterError(parameter, value, `give an integer from ${minimum} to ${greatestDelay}`);
}
