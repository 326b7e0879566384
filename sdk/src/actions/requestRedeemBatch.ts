import { checkAddress, checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { ParameterError } from "../errors";
import { RedemptionQueue__factory } from "../generated/contracts";
import type { Call } from "../types";
import { callOnMetis } from "./calls";
import { MAX_TICKET, MIN_TICKET } from "./limits";

/** What {@link requestRedeemBatch} needs. */
export interface RequestRedeemBatchParameters {
  /** Wei of eMetis of each ticket, at least 0.01; their sum is taken from the caller by allowance to `redemptionQueue`. */
  readonly assets: readonly bigint[];
  /** Owns the tickets, and is paid. */
  readonly owner: string;
}

/**
 * Builds the call that queues several redemptions at once, one ticket each, in the order given. Sends nothing.
 *
 * @throws {@link ParameterError} when there is no amount, {@link AmountError} when one is below the minimum of a ticket or can fit
 * nowhere; {@link AddressError}.
 * @example
 * const call = requestRedeemBatch(deployment, { assets: [parseAmount("5"), parseAmount("7")], owner });
 */
export function requestRedeemBatch(deployment: Deployment, { assets, owner }: RequestRedeemBatchParameters): Call {
  if (assets.length === 0) throw new ParameterError("assets", "[]", "give at least one amount");
  const data = RedemptionQueue__factory.createInterface().encodeFunctionData("requestRedeemBatch", [
    assets.map((each, position) =>
      checkAmount(`assets[${position}]`, each, { minimum: MIN_TICKET, maximum: MAX_TICKET }),
    ),
    checkAddress("owner", owner),
  ]);
  return callOnMetis(deployment, deployment.l2.redemptionQueue, data);
}
