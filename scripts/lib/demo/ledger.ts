/** Where all METIS is, read from both chains, and the equation that it has to satisfy. */
import { LocalL1StandardBridge__factory, LocalL2StandardBridge__factory } from "../../../typechain-types";
import { predeploys } from "../predeploys";
import type { World } from "./world";

/** All METIS of the protocol by place, as the chains themselves hold it, in wei. */
export interface Holdings {
  readonly pool: bigint;
  readonly queue: bigint;
  readonly gateway: bigint;
  readonly onTheWayUp: bigint;
  readonly onTheWayDown: bigint;
  readonly lockManager: bigint;
  readonly vaults: bigint;
  readonly locked: bigint;
  readonly rewards: bigint;
}

/** The ledger of both chains at one moment, in wei. */
export interface LedgerLine {
  readonly holdings: Holdings;
  readonly l2: {
    readonly buffer: bigint;
    readonly sentToL1: bigint;
    readonly receivedFromL1: bigint;
    readonly mintedForL1: bigint;
    readonly attributedUp: bigint;
    readonly attributedDown: bigint;
    readonly reportedL1Assets: bigint;
    readonly reportNumber: bigint;
    readonly totalAssets: bigint;
    readonly totalSupply: bigint;
    readonly pending: bigint;
    readonly stakedAssets: bigint;
    readonly unvested: bigint;
  };
  readonly l1: {
    readonly idle: bigint;
    readonly owed: bigint;
    readonly l1Assets: bigint;
    readonly receivedFromL2: bigint;
    readonly sentToL2: bigint;
    readonly l1Deposits: bigint;
  };
}

/** deposits + rewards = paid to users + commission + bridge fees + held; `residual` is left minus right. All in wei. */
export interface Conservation {
  readonly deposits: bigint;
  readonly rewards: bigint;
  readonly paidToUsers: bigint;
  readonly commission: bigint;
  readonly bridgeFees: bigint;
  readonly held: bigint;
  readonly residual: bigint;
}

/** Reads the ledger of both chains. */
export async function readLedger(world: World): Promise<LedgerLine> {
  const { l1, l2 } = world.protocol;
  const solvency = await l2.stakingPool.solvency();
  const [receivedFromL2, sentToL2, l1Deposits] = await l1.lockManager.counters();
  return {
    holdings: await readHoldings(world),
    l2: {
      buffer: solvency.buffer,
      sentToL1: solvency.sentToL1,
      receivedFromL1: solvency.receivedFromL1,
      mintedForL1: solvency.mintedForL1,
      attributedUp: solvency.attributedUp,
      attributedDown: solvency.attributedDown,
      reportedL1Assets: solvency.l1Assets,
      reportNumber: solvency.reportNumber,
      totalAssets: solvency.totalAssets,
      totalSupply: solvency.totalSupply,
      pending: await l2.redemptionQueue.pending(),
      stakedAssets: await l2.seMetis.totalAssets(),
      unvested: await l2.seMetis.unvestedAssets(),
    },
    l1: {
      idle: await l1.lockManager.idle(),
      owed: await l1.lockManager.owed(),
      l1Assets: await l1.lockManager.l1Assets(),
      receivedFromL2,
      sentToL2,
      l1Deposits,
    },
  };
}

/** The equation, from what users, operators and Metis saw against what the chains hold. */
export async function readConservation(world: World): Promise<Conservation> {
  const { l1, l2, startBlocks } = world.protocol;
  const users = [...world.books.values()];
  const deposits = users.reduce((sum, { deposited }) => sum + deposited, 0n);
  const paidToUsers = users.reduce((sum, { received }) => sum + received, 0n);
  const paid = await l1.lockManager.queryFilter(l1.lockManager.filters.CommissionPaid(), startBlocks.l1);
  const commission = paid.reduce((sum, { args }) => sum + args.assets, 0n);
  const sent = await l2.stakingPool.queryFilter(l2.stakingPool.filters.SentToL1(), startBlocks.l2);
  const bridgeFees = sent.reduce((sum, { args }) => sum + args.fee - args.paidByCaller, 0n);
  const held = Object.values<bigint>({ ...(await readHoldings(world)) }).reduce((sum, part) => sum + part, 0n);
  const rewards = world.rewardsCredited;
  const residual = deposits + rewards - paidToUsers - commission - bridgeFees - held;
  return { deposits, rewards, paidToUsers, commission, bridgeFees, held, residual };
}

async function readHoldings({ protocol }: World): Promise<Holdings> {
  const { l1, l2, sequencers, deployment } = protocol;
  let locked = 0n;
  let rewards = 0n;
  let vaults = 0n;
  for (const { vault, index } of sequencers) {
    vaults += await l1.metis.balanceOf(vault);
    const { sequencerId } = await l1.lockManager.vaultAt(index);
    if (sequencerId === 0n) continue;
    const position = await l1.lockingPool.sequencers(sequencerId);
    locked += position.amount;
    rewards += position.reward;
  }
  return {
    pool: await l2.node.getBalance(deployment.l2.stakingPool),
    queue: await l2.node.getBalance(deployment.l2.redemptionQueue),
    gateway: await l2.node.getBalance(deployment.l2.l2Gateway),
    onTheWayUp: await metisOnTheWayUp(protocol),
    onTheWayDown: await metisOnTheWayDown(protocol),
    lockManager: await l1.metis.balanceOf(deployment.l1.lockManager),
    vaults,
    locked,
    rewards,
  };
}

async function metisOnTheWayUp({ relayer, deployment }: World["protocol"]): Promise<bigint> {
  const bridge = LocalL1StandardBridge__factory.createInterface();
  return (await relayer.pendingUp()).reduce((sum, { message }) => {
    const call = bridge.parseTransaction({ data: message });
    if (call?.name !== "finalizeMetisWithdrawalByChainId") return sum;
    const { to, amount } = call.args as unknown as { readonly to: string; readonly amount: bigint };
    return to === deployment.l1.lockManager ? sum + amount : sum;
  }, 0n);
}

async function metisOnTheWayDown({ relayer, deployment }: World["protocol"]): Promise<bigint> {
  const bridge = LocalL2StandardBridge__factory.createInterface();
  return (await relayer.pendingDown()).reduce((sum, { message }) => {
    const call = bridge.parseTransaction({ data: message });
    if (call?.name !== "finalizeDeposit") return sum;
    const { l2Token, to, amount } = call.args as unknown as {
      readonly l2Token: string;
      readonly to: string;
      readonly amount: bigint;
    };
    return l2Token === predeploys.metis && to === deployment.l2.l2Gateway ? sum + amount : sum;
  }, 0n);
}
