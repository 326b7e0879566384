import { type DepositParameters, deposit } from "../actions/deposit";
import type { L2Context } from "../context";
import { readL2 } from "../rpc/readPinned";
import { type Moment, type Refused, momentOf } from "./outcome";
import { readPool, refusalOfDeposit } from "./pool";

/** What {@link deposit} would do. */
export type DepositPreview =
  | (Moment & {
      readonly type: "done";
      /** Wei of eMetis that the receiver gets: as many as METIS was deposited. */
      readonly assets: bigint;
    })
  | Refused;

/**
 * What {@link deposit} would do at second `at`, to the wei, if nothing else happens between. 1 round trip on Metis.
 *
 * @param parameters - Those of the call, and `at`, Unix seconds of Metis: the latest block's own when left out. A report, a pause
 * or a loss between changes the result.
 * @throws as {@link deposit} and {@link readL2}; {@link ParameterError} when `at` is over.
 * @example
 * const preview = await previewDeposit(context, { assets: parseAmount("5"), receiver });
 */
export async function previewDeposit(
  context: L2Context,
  parameters: DepositParameters & { readonly at?: bigint },
): Promise<DepositPreview> {
  deposit(context.deployment, parameters);
  const { block, value: pool } = await readL2(context, undefined, (runner) => readPool(runner, context.deployment));
  const moment = momentOf(block, parameters.at);
  const { assets } = parameters;
  return refusalOfDeposit(moment, pool, assets) ?? { type: "done", ...moment, assets };
}
