/** Cycle after cycle, until it is told to end. */
import { type Keeper, runCycle } from "./cycle";

/** How long between cycles. */
export interface RunOptions {
  readonly once: boolean;
  /** Milliseconds from the end of a cycle to the next. */
  readonly interval: number;
  /** Waits; ends early when the keeper's signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Told after each cycle that was whole. */
  readonly onCycle?: () => void;
}

/** After so many failures in a row the wait grows no more. */
const mostDoublings = 6;

/**
 * Runs the keeper. A cycle that fails is tried again after twice the wait, and twice that, up to 64 times the interval.
 *
 * @throws what the cycle throws, when there is only one.
 */
export async function run(keeper: Keeper, options: RunOptions): Promise<void> {
  const { once, interval, sleep, onCycle } = options;
  for (let failures = 0; !keeper.signal.aborted;) {
    try {
      await runCycle(keeper);
      failures = 0;
      keeper.log("info", "cycle", { spent: keeper.memory.spent });
      onCycle?.();
    } catch (error) {
      if (once) throw error;
      failures++;
      keeper.log("error", "cycleFailed", { failures, error: error instanceof Error ? error.message : String(error) });
    }
    if (once) return;
    await sleep(interval * 2 ** Math.min(failures, mostDoublings), keeper.signal);
  }
}
