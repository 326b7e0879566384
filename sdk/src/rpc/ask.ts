import type { ReadOptions } from "../context";
import { AbortedError, EMetisError, ParameterError, RpcError, RpcTimeoutError } from "../errors";
import type { NodeName } from "../types";

const defaultTimeout = 30_000;
/** A timer of more milliseconds would ring at once. */
const greatestTimeout = 2 ** 31 - 1;

/**
 * Asks a node once, and ends in time: whatever goes wrong becomes one error that names chain and method.
 *
 * @param request - Sends the request; what it rejects with is the cause of the error.
 * @throws {@link RpcError} when the node fails, {@link RpcTimeoutError} when it hangs, {@link AbortedError} by the caller's signal,
 * {@link ParameterError} when the timeout is not above 0.
 * @example
 * const block = await ask("l2", "eth_blockNumber", context, () => context.l2.getBlockNumber());
 */
export async function ask<T>(
  side: NodeName,
  method: string,
  { timeout = defaultTimeout, signal }: ReadOptions,
  request: () => Promise<T>,
): Promise<T> {
  if (!(timeout > 0)) throw new ParameterError("timeout", timeout, "give milliseconds above 0");
  throwIfAborted(method, signal);
  const ending = new AbortController();
  try {
    return await Promise.race([request(), ended(side, method, { timeout, signal }, ending.signal)]);
  } catch (error) {
    throw error instanceof EMetisError ? error : new RpcError(side, method, error);
  } finally {
    ending.abort();
  }
}

/**
 * Throws when the signal is aborted already.
 *
 * @throws {@link AbortedError}
 * @example
 * throwIfAborted("send", signal);
 */
export function throwIfAborted(operation: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AbortedError(operation, signal.reason);
}

/** Rejects after the timeout or by the signal, and lets go of both when `over` is aborted. */
function ended(
  side: NodeName,
  method: string,
  { timeout, signal }: { readonly timeout: number; readonly signal: AbortSignal | undefined },
  over: AbortSignal,
): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setTimeout(
      () => {
        reject(new RpcTimeoutError(side, method, timeout));
      },
      Math.min(timeout, greatestTimeout),
    );
    const onAbort = () => {
      reject(new AbortedError(method, signal?.reason));
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    over.addEventListener("abort", () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    });
  });
}
