import type { Deployment } from "../deployments";
import type { Address } from "../types";
import type { ProtocolEvent } from "./events";
import { expectThat } from "./expect";
import { nobody } from "../check";

/** Wei of eMetis minted to an account or burned of it in one transaction, less what the pool named in it. */
interface Unnamed {
  minted: bigint;
  burned: bigint;
}

/**
 * Does nothing when StakingPool names why, in each transaction, eMetis was minted to the account, or to seMetis for it, and why it
 * was burned: without those logs a deposit would count twice, or as a gift. No view of a later block tells.
 *
 * @param treasury - Before the events.
 * @throws {@link MissingLogsError} otherwise.
 */
export function checkMints(
  events: readonly ProtocolEvent[],
  account: Address,
  { stakingPool, seMetis, redemptionQueue }: Deployment["l2"],
  treasury: Address | undefined,
): void {
  // These two hold for everyone: they are minted to and burn of their own.
  if (account === seMetis || account === redemptionQueue) return;
  let unnamed: Unnamed = { minted: 0n, burned: 0n };
  let paidTo = treasury;
  for (const [position, event] of events.entries()) {
    if (event.type === "treasurySet") paidTo = event.treasury;
    if (event.type === "rewardsMinted" && paidTo === account) unnamed.minted -= event.fee;
    count(unnamed, event, account, stakingPool);
    if (events[position + 1]?.at.transactionHash === event.at.transactionHash) continue;
    expectThat(event, unnamed.minted === 0n, `nothing names ${unnamed.minted} wei minted for ${account}`);
    expectThat(event, unnamed.burned === 0n, `nothing names ${unnamed.burned} wei burned of ${account}`);
    unnamed = { minted: 0n, burned: 0n };
  }
}

function count(unnamed: Unnamed, event: ProtocolEvent, account: Address, stakingPool: Address): void {
  if (event.type === "eMetisMoved") {
    if (event.from === nobody && event.to === account) unnamed.minted += event.assets;
    if (event.to === nobody && event.from === account) unnamed.burned += event.assets;
  } else if (event.type === "staked") {
    if (event.caller === stakingPool && event.owner === account) unnamed.minted += event.assets;
  } else if (event.type === "deposited" || event.type === "l1DepositMinted") {
    if (event.receiver === account) unnamed.minted -= event.assets;
  } else if (event.type === "redeemedInstantly" && event.owner === account) unnamed.burned -= event.assets;
}
