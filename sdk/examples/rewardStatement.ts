/** What an account earned, day by day, as a CSV that a bookkeeper can check: opening + every line = closing, to the wei. */
import {
  type Address,
  type Context,
  type RewardHistory,
  depositAndStake,
  exportCsv,
  parseAmount,
  readAccount,
  rewardHistory,
  send,
} from "@emetis/sdk";
import type { EMetisKit } from "@emetis/sdk/testing";

async function rewardStatement(
  context: Context,
  account: Address,
): Promise<{ readonly history: RewardHistory; readonly csv: string }> {
  const history = await rewardHistory(context, { account });
  return { history, csv: exportCsv({ account, rows: history.byDay }) };
}

const week = 7 * 86_400;

/** Against the test kit: an account that stakes and earns for two weeks. */
export async function run(kit: EMetisKit) {
  const { address, l2: signer } = kit.accounts.alice;
  const assets = parseAmount("1000.000000000000000001");
  await send(signer, depositAndStake(kit.deployment, { assets, receiver: address, minShares: 0n }));
  for (const blocks of [5_003n, 4_999n]) {
    await kit.passTime(week);
    await kit.creditRewards({ blocks });
    await kit.deliverReport();
  }
  const { history, csv } = await rewardStatement(kit.context, address);
  const { l2: held } = await readAccount(kit.context, { account: address });
  return { history, csv, assets, staked: held.staked };
}
