/** The kit's helpers round Metis's LockingPool: rewards, losses, and METIS put to work. */
import { writePrincipal } from "../../../scripts/lib/localFaults";
import { submitRewards } from "../../../scripts/lib/localMetis";
import { sendSurelyAs } from "../../../scripts/lib/localNode";
import { checkAmount } from "../check";
import { bridgeUp, deliverReport } from "./bridge";
import { TestKitError } from "./errors";
import { type KitWorld, done, withdrawalFee } from "./world";

/** What Metis credits: so much METIS in all, in wei, or so many blocks to each sequencer at Metis's rate. */
export type KitReward = { readonly assets: bigint } | { readonly blocks: bigint };

/** Active, in VaultOperations' enumeration. */
const active = 1n;

interface KitPosition {
  readonly index: bigint;
  readonly sequencerId: bigint;
  /** Wei of METIS locked, as LockingPool has it. */
  readonly principal: bigint;
  /** Signs blocks. */
  readonly signer: string;
}

/** Sends up what the reserve does not need, locks it on Ethereum, and reports. */
export async function putToWork(world: KitWorld): Promise<void> {
  const { l1, l2 } = world.protocol;
  await done(l2.stakingPool.rebalance({ value: withdrawalFee }));
  await bridgeUp(world);
  await done(l1.lockManager.allocate());
  await deliverReport(world);
}

/** Metis credits one batch of rewards to the protocol's sequencers. Returns wei of METIS credited. */
export async function creditRewards(world: KitWorld, reward: KitReward): Promise<bigint> {
  const { l1, metis } = world.protocol;
  const signers = (await activePositions(world, "creditRewards")).map(({ signer }) => signer);
  if ("blocks" in reward) {
    const blocks = checkAmount("blocks", reward.blocks);
    await submitRewards(l1.node, metis, { signers, blocks: signers.map(() => blocks) });
    return blocks * BigInt(signers.length) * (await l1.lockingPool.rewardPerBlock());
  }
  const assets = checkAmount("assets", reward.assets);
  const rewardPerBlock = await l1.lockingPool.rewardPerBlock();
  await setRewardPerBlock(world, 1n);
  await submitRewards(l1.node, metis, { signers, blocks: evenly(assets, signers.length) });
  await setRewardPerBlock(world, rewardPerBlock);
  return assets;
}

/** Takes `assets` wei of METIS from the largest position, as no rule of Metis does today. The next report tells of it. */
export async function lose(world: KitWorld, assets: bigint): Promise<void> {
  const { node } = world.protocol.l1;
  const positions = await activePositions(world, "lose");
  const largest = positions.reduce((most, position) => (position.principal > most.principal ? position : most));
  checkAmount("assets", assets, { maximum: largest.principal - 1n });
  const { sequencerId, principal } = largest;
  await writePrincipal({ node, lockingPool: world.protocol.metis.lockingPool, sequencerId }, principal - assets);
}

/** Positions that earn; at least one. */
async function activePositions(
  { protocol }: KitWorld,
  helper: string,
): Promise<readonly [KitPosition, ...KitPosition[]]> {
  const { lockManager, lockingPool } = protocol.l1;
  const positions: KitPosition[] = [];
  for (const { index, key } of protocol.sequencers) {
    const { phase, sequencerId } = await lockManager.vaultAt(index);
    if (phase !== active) continue;
    const { amount } = await lockingPool.sequencers(sequencerId);
    positions.push({ index, sequencerId, principal: amount, signer: key.signer });
  }
  const [first, ...others] = positions;
  if (first !== undefined) return [first, ...others];
  throw new TestKitError(
    helper,
    "no sequencer of the protocol runs; deposit 22,000 METIS or more, then call putToWork()",
  );
}

async function setRewardPerBlock({ protocol }: KitWorld, assets: bigint): Promise<void> {
  const { lockingPool, node } = protocol.l1;
  const data = lockingPool.interface.encodeFunctionData("updateBlockReward", [assets]);
  await sendSurelyAs(node, { from: await lockingPool.owner(), to: protocol.metis.lockingPool, data });
}

/** Parts as equal as can be; the first takes what is left over. */
function evenly(assets: bigint, count: number): readonly bigint[] {
  const part = assets / BigInt(count);
  return Array.from({ length: count }, (_, index) => (index === 0 ? assets - part * BigInt(count - 1) : part));
}
