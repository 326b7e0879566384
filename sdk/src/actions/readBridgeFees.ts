import type { Context } from "../context";
import { IGasPriceOracle__factory, L1Gateway__factory } from "../generated/contracts";
import { readL1, readL2 } from "../rpc/readPinned";

/** Metis's own contract that says what a withdrawal costs, on every chain of Metis. */
export const GAS_PRICE_ORACLE = "0x420000000000000000000000000000000000000F";

/** What the bridge of Metis takes. It can change at any time; what is sent along too much comes back. */
export interface BridgeFees {
  /** Wei of ETH for a message to Metis: `depositOnL1`, `report`, `resend`. */
  readonly l1Message: bigint;
  /** Wei of ETH for METIS sent to Metis: `harvest`, `recallForNeed`, `beginExitForNeed`, `finishExit`, `expelDonation`. */
  readonly l1Metis: bigint;
  /** Wei of METIS for a withdrawal to Ethereum: `rebalance`, `signalNeed`. */
  readonly l2Withdrawal: bigint;
}

/**
 * Reads what the bridge takes now. 1 round trip on each chain.
 *
 * @throws as {@link readL2}.
 * @example
 * const { l1Message } = await readBridgeFees(context);
 */
export async function readBridgeFees(context: Context): Promise<BridgeFees> {
  const [up, down] = await Promise.all([
    readL2(context, undefined, (runner) =>
      IGasPriceOracle__factory.connect(GAS_PRICE_ORACLE, runner).minErc20BridgeCost(),
    ),
    readL1(context, undefined, (runner) => {
      const gateway = L1Gateway__factory.connect(context.deployment.l1.l1Gateway, runner);
      return Promise.all([gateway.messageFee(), gateway.metisFee()]);
    }),
  ]);
  const [l1Message, l1Metis] = down.value;
  return { l1Message, l1Metis, l2Withdrawal: up.value };
}
