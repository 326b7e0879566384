import type { Context } from "../context";
import { type L1DepositStatus, type L1DepositStatusParameters, l1DepositStatus } from "./l1DepositStatus";
import { type WaitOptions, waitUntil } from "./waitUntil";

/** How to wait for a deposit from Ethereum. */
export interface WaitForL1DepositOptions extends WaitOptions<L1DepositStatus> {
  /** The statuses that end the wait. @defaultValue `["minted"]` */
  readonly until?: readonly L1DepositStatus["type"][];
}

/**
 * Waits until a deposit made on Ethereum is minted, or has another status of `until`: "deliverable" is where somebody may have to act.
 *
 * @throws as {@link waitUntil} and {@link l1DepositStatus}.
 * @example
 * await waitForL1Deposit(context, { number }, { onProgress: ({ type }) => console.log(type), timeout: 3_600_000 });
 */
export function waitForL1Deposit(
  context: Context,
  parameters: L1DepositStatusParameters,
  options: WaitForL1DepositOptions = {},
): Promise<L1DepositStatus> {
  const { until = ["minted"] } = options;
  return waitUntil(
    {
      operation: "waitForL1Deposit",
      read: ({ signal }) => l1DepositStatus({ ...context, signal }, parameters),
      isOver: ({ type }) => until.includes(type),
    },
    options,
    context.signal,
  );
}
