import type { Provider } from "ethers";

import type { LocalProtocol } from "../../../scripts/lib/localProtocol";
import type { Context } from "../context";
import type { KitAccounts } from "./accounts";
import type { KitNode } from "./nodes";

/** What the kit's helpers work with. It never changes: all state is on the chains, so that a snapshot has it too. */
export interface KitWorld {
  readonly protocol: LocalProtocol;
  readonly accounts: KitAccounts;
  readonly context: Context;
  readonly l1: KitNode;
  readonly l2: KitNode;
}

/** Wei of ETH that covers the bridge's fee of any crank; the surplus returns. */
export const generousEth = 10n ** 17n;

/** METIS for the bridge's fee of a way up, in wei: what Metis asks now. */
export const withdrawalFee = 5n * 10n ** 17n;

/** Waits for a transaction that has to succeed. */
export async function done(sent: Promise<{ wait: () => Promise<unknown> }>): Promise<void> {
  await (await sent).wait();
}

/** The time of the latest block, Unix seconds. */
export async function timeOf(provider: Provider): Promise<number> {
  return (await provider.getBlock("latest"))?.timestamp ?? 0;
}
