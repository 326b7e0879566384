import type { L2Context } from "../context";
import { type RedemptionStatus, type RedemptionStatusParameters, redemptionStatus } from "./redemptionStatus";
import { type WaitOptions, waitUntil } from "./waitUntil";

/** How to wait for a redemption. */
export interface WaitForRedemptionOptions extends WaitOptions<RedemptionStatus> {
  /** The statuses that end the wait. @defaultValue `["claimable", "claimed"]` */
  readonly until?: readonly RedemptionStatus["type"][];
}

/**
 * Waits until a ticket can be claimed in full, or has another status of `until`.
 *
 * @throws as {@link waitUntil} and {@link redemptionStatus}.
 * @example
 * const status = await waitForRedemption(context, { id }, { interval: 60_000 });
 */
export function waitForRedemption(
  context: L2Context,
  parameters: RedemptionStatusParameters,
  options: WaitForRedemptionOptions = {},
): Promise<RedemptionStatus> {
  const { until = ["claimable", "claimed"] } = options;
  return waitUntil(
    {
      operation: "waitForRedemption",
      read: ({ signal }) => redemptionStatus({ ...context, signal }, parameters),
      isOver: ({ type }) => until.includes(type),
    },
    options,
    context.signal,
  );
}
