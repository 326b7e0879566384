import type { Context } from "../context";
import { type ReportStatus, type ReportStatusParameters, reportStatus } from "./reportStatus";
import { type WaitOptions, waitUntil } from "./waitUntil";

/** How to wait for a report. */
export interface WaitForReportOptions extends WaitOptions<ReportStatus> {
  /** The statuses that end the wait. @defaultValue `["applied", "superseded"]` */
  readonly until?: readonly ReportStatus["type"][];
}

/**
 * Waits until a report, or a later one, is applied on Metis, or it has another status of `until`.
 *
 * @throws as {@link waitUntil} and {@link reportStatus}.
 * @example
 * await waitForReport(context, { number }, { until: ["deliverable", "applied", "superseded"] });
 */
export function waitForReport(
  context: Context,
  parameters: ReportStatusParameters,
  options: WaitForReportOptions = {},
): Promise<ReportStatus> {
  const { until = ["applied", "superseded"] } = options;
  return waitUntil(
    {
      operation: "waitForReport",
      read: ({ signal }) => reportStatus({ ...context, signal }, parameters),
      isOver: ({ type }) => until.includes(type),
    },
    options,
    context.signal,
  );
}
