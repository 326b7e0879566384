/** Logs of a protocol that never ran, by the contracts' maths: as many as wanted, in seconds. */
import { type EventFragment, type Interface, ZeroAddress, getAddress, id, toBeHex } from "ethers";

import { streamAt } from "../../sdk/src/accounting/applyStream";
import { parseDeployment } from "../../sdk/src/deployments";
import { EMetis__factory, SEMetis__factory, StakingPool__factory } from "../../sdk/src/generated/contracts";
import { type Stream, add, book } from "../../sdk/src/math/rewardStream";
import { previewDeposit, previewRedeem } from "../../sdk/src/math/shares";
import { checkAddress } from "../../sdk/src/check";

/** A log as a node's JSON has it. */
export interface SyntheticLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly transactionIndex: number;
  readonly index: number;
  readonly removed: boolean;
}

const accountAt = (number: number) => getAddress(toBeHex(number, 20));
const l1Names = ["accessManager", "vaultBeacon", "lockManager", "l1Gateway", "metis", "lockingPool", "bridge"];
const l2Names = ["accessManager", "eMetis", "seMetis", "stakingPool", "redemptionQueue", "l2Gateway"];
const addresses = (names: readonly string[], first: number) =>
  Object.fromEntries(names.map((name, index) => [name, accountAt(first + index)]));

/** Where the logs are of, whose history is of interest, and the second of block 0. */
export const syntheticDeployment = {
  deployment: parseDeployment({
    name: "synthetic",
    l1: { ...addresses(l1Names, 0x100), chainId: 1, startBlock: 0 },
    l2: { ...addresses(l2Names, 0x200), chainId: 1088, startBlock: 0 },
  }),
  account: checkAddress("account", accountAt(0x1000)),
  genesis: 1_800_000_000n,
} as const;

const users = 100;
const treasury = accountAt(0x300);
const day = 86_400n;

interface Life {
  readonly logs: SyntheticLog[];
  readonly held: bigint[];
  stream: Stream;
  shares: bigint;
  supply: bigint;
  reports: bigint;
}

/** At least `count` logs, spread over `blocks`: deposits that are staked, unstakes, and a report with rewards now and then. */
export function syntheticLogs(count: number, blocks: number): readonly SyntheticLog[] {
  const stream = { assets: 0n, unvested: 0n, vestedAt: 0n, endsAt: 0n };
  const life: Life = { logs: [], held: [], stream, shares: 0n, supply: 0n, reports: 0n };
  const emit = emitter(life);
  emit.begin(1);
  emit.pool("TreasurySet", [treasury]);
  const steps = Math.ceil(count / 4.5);
  for (let step = 0; life.logs.length < count; step++) {
    const block = Math.min(blocks, 2 + Math.floor((step * (blocks - 2)) / steps));
    emit.begin(block);
    act(life, emit, step, syntheticDeployment.genesis + BigInt(block) * 4n);
  }
  return life.logs;
}

type Emitter = ReturnType<typeof emitter>;

function act(life: Life, emit: Emitter, step: number, time: bigint): void {
  const user = (step * 37) % users;
  const held = life.held[user] ?? 0n;
  life.stream = streamAt(life, time);
  if (step % 200 === 199) reward(life, emit);
  else if (step % 3 === 2 && held > 10n ** 18n) unstake(life, emit, user, held / 3n);
  else stake(life, emit, user, 10n ** 19n + BigInt(step) * 7_919n);
}

function stake(life: Life, emit: Emitter, user: number, assets: bigint): void {
  const { stakingPool, seMetis } = syntheticDeployment.deployment.l2;
  const owner = accountAt(0x1000 + user);
  const shares = previewDeposit(assets, { totalAssets: life.stream.assets, totalSupply: life.shares });
  life.supply += assets;
  change(life, user, assets, shares);
  emit.eMetis("Transfer", [ZeroAddress, seMetis, assets]);
  emit.pool("Deposited", [owner, owner, ZeroAddress, assets, life.supply, life.supply]);
  emit.seMetis("Transfer", [ZeroAddress, owner, shares]);
  emit.seMetis("StreamUpdated", wordsOf(life.stream));
  emit.seMetis("Deposit", [stakingPool, owner, assets, shares]);
}

function unstake(life: Life, emit: Emitter, user: number, shares: bigint): void {
  const { seMetis } = syntheticDeployment.deployment.l2;
  const owner = accountAt(0x1000 + user);
  const assets = previewRedeem(shares, { totalAssets: life.stream.assets, totalSupply: life.shares });
  change(life, user, -assets, -shares);
  emit.seMetis("Transfer", [owner, ZeroAddress, shares]);
  emit.seMetis("StreamUpdated", wordsOf(life.stream));
  emit.seMetis("Withdraw", [owner, owner, owner, assets, shares]);
  emit.eMetis("Transfer", [seMetis, owner, assets]);
}

function reward(life: Life, emit: Emitter): void {
  const profit = life.supply / 5_000n;
  const fee = profit / 10n;
  life.reports++;
  const report = [0n, 0n, 0n, 0n, 0n, 0n, 0n];
  emit.pool("ReportApplied", [life.reports, report, life.supply + profit, life.supply]);
  life.supply += profit;
  life.stream = add(life.stream, profit - fee, day);
  emit.pool("RewardsMinted", [fee, profit - fee, 0n, 0n, life.supply]);
  emit.eMetis("Transfer", [ZeroAddress, treasury, fee]);
  emit.seMetis("RewardAdded", [profit - fee, 0n, ...wordsOf(life.stream)]);
}

/** Books a flow; only the very first stake has few shares, and no price to keep. */
function change(life: Life, user: number, assets: bigint, shares: bigint): void {
  const total = life.stream.assets + assets;
  life.stream = book(life.stream, total, total);
  life.shares += shares;
  life.held[user] = (life.held[user] ?? 0n) + shares;
}

function wordsOf({ assets, unvested, vestedAt, endsAt }: Stream): readonly bigint[] {
  return [assets, unvested, vestedAt, endsAt];
}

function emitter({ logs }: Life) {
  const { eMetis, seMetis, stakingPool } = syntheticDeployment.deployment.l2;
  let [blockNumber, index, transaction] = [0, 0, 0];
  const of = (address: string, abi: Interface) => (name: string, values: readonly unknown[]) => {
    const fragment: EventFragment | null = abi.getEvent(name);
    if (fragment === null) throw new Error(`no event ${name}`);
    const { topics, data } = abi.encodeEventLog(fragment, [...values]);
    const [blockHash, transactionHash] = [id(`block ${blockNumber}`), id(`transaction ${transaction}`)];
    const at = { blockNumber, blockHash, transactionHash, transactionIndex: 0, index: index++, removed: false };
    logs.push({ address, topics, data, ...at });
  };
  return {
    begin: (number: number) => {
      if (number > blockNumber) index = 0;
      blockNumber = number;
      transaction++;
    },
    eMetis: of(eMetis, EMetis__factory.createInterface()),
    seMetis: of(seMetis, SEMetis__factory.createInterface()),
    pool: of(stakingPool, StakingPool__factory.createInterface()),
  };
}
