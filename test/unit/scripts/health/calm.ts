/** The health of a protocol with which nothing is wrong, to be changed by tests in one point each. */
import { parseEther } from "ethers";

import type { SequencerVault, Vaults } from "../../../../sdk/src/reads/readVaults";
import type { Solvency } from "../../../../sdk/src/reads/readSolvency";
import type { Health } from "../../../../scripts/lib/health/health";
import { type Reading, known } from "../../../../scripts/lib/health/reading";

/** Time of the machine and, but for some seconds, of both chains. */
export const now = 1_800_000_000;
const metis = parseEther;
const block = { blockNumber: 5_000, timestamp: BigInt(now - 20) };

const counters = {
  ...{ buffer: metis("6001.5"), sentToL1: metis("90000"), attributedUp: 0n, receivedFromL1: metis("300") },
  ...{ attributedDown: 0n, mintedForL1: metis("45000.25"), l1Assets: metis("135000.75") },
  ...{ receivedFromL2: metis("90000"), sentToL2: metis("300"), l1Deposits: metis("45000.25") },
};
const solvency: Solvency = {
  block,
  isSolvent: true,
  margin: metis("2.25"),
  totalAssets: metis("141002.25"),
  totalSupply: metis("141000"),
  unbackedL1Mints: 0n,
  unrecoveredLoss: 0n,
  lines: { buffer: counters.buffer, up: 0n, l1Assets: counters.l1Assets, down: 0n, deposits: 0n },
  counters,
  report: {
    ...{ number: 41n, takenAt: BigInt(now - 4_000), readAt: BigInt(now - 4_000) },
    ...{ appliedAt: BigInt(now - 3_000), age: 3_980n },
  },
};
const vault: SequencerVault = {
  ...{ index: 0, vault: "0x1000000000000000000000000000000000000001", sequencerId: 8n, phase: "active" },
  operator: "0x2000000000000000000000000000000000000002",
  ...{ principal: metis("67500"), reward: metis("1.5"), owed: 0n, cap: metis("100000") },
  ...{ commissionBps: 500n, nextCommissionBps: 500n, isWhitelisted: true },
  live: {
    ...{ type: "position", phase: "active", principal: metis("67500"), reward: metis("1.75"), exitClaimableAt: 0n },
    rewardRecipient: "0x3000000000000000000000000000000000000003",
    owner: "0x1000000000000000000000000000000000000001",
  },
};
const vaults: Vaults = {
  block,
  vaults: [vault, { ...vault, index: 1 }],
  totals: {
    ...{ l1Assets: metis("135000.75"), withdrawableNow: metis("95000"), idle: metis("0.75"), owed: 0n },
    ...{ principal: metis("135000"), reward: metis("3.5") },
  },
};

/** Everything is known and well. */
export const calm: Health = {
  network: "test",
  readAt: now,
  l1Head: known({ blockNumber: 5_000, timestamp: now - 15 }),
  l2Head: known({ blockNumber: 9_000, timestamp: now - 20 }),
  solvency: known(solvency),
  queue: known({
    ...{ block, requestedUntil: metis("1500"), finalisedUntil: metis("1000"), pending: metis("500"), tickets: [] },
    ...{ reserved: metis("12.5"), redemptionRate: 10n ** 18n, neededFromL1: 0n, buffer: counters.buffer },
    ...{ inboundAssets: 0n, withdrawableOnL1: metis("95000"), finalisationCutoff: BigInt(now - 30_000) },
  }),
  oldestTicket: known({ type: "waiting", askedBefore: now - 7_200, isAtLeast: false }),
  limits: known({
    ...{ block, minDeposit: metis("0.01"), minTicket: metis("0.01"), deposits: { type: "open" } },
    ...{ instantRedemption: { type: "open", maximum: metis("5500") }, seMetis: { type: "open" } },
    ...{ l1DepositLimit: metis("50000"), l1DepositsAvailable: metis("49000") },
  }),
  l2Stops: known({ pausedUntil: 0, stoppedUntil: 0 }),
  l1Stops: known({ pausedUntil: 0, lossSeenAt: 0 }),
  need: known({ number: 0n, target: 0n, missing: 0n, unreachedSince: 0 }),
  vaults: known(vaults),
  lockingPool: known({
    ...{ isPaused: false, active: 9, inactive: 0, isExitRestricted: true, exitHeadroom: 3 },
    ...{ exitDelay: 1_814_400, minLock: metis("20000"), maxLock: metis("100000") },
  }),
  rewardPayer: known({
    ...{ payer: "0x4000000000000000000000000000000000000004", balance: metis("20000"), allowance: metis("30000") },
    rewardPerBlock: metis("0.0125"),
  }),
  l2BlockTime: known(17.5),
  l1Fees: known({ message: metis("0.0004"), metis: metis("0.00025") }),
  l2Fee: known(metis("0.5")),
  l1GasPrice: known(2_000_000_000n),
  l2GasPrice: known(7_000_000_000n),
  keeper: { address: "0x5000000000000000000000000000000000000005", l1: known(metis("1")), l2: known(metis("25")) },
  l1Operations: known({ count: 0, nextAt: undefined }),
  l2Operations: known({ count: 0, nextAt: undefined }),
  messages: known({
    ...{ lastNumber: 41n, newestReport: { number: 41n, takenAt: now - 4_000 }, reports: [], deposits: [] },
    ...{ depositAssets: 0n, fromBlock: 1 },
  }),
  transitDown: known({ assets: 0n, since: undefined }),
  transitUp: known({ assets: 0n, since: undefined }),
  reserves: known({
    ...{ type: "backed", l1Block: 5_000, l2Block: 9_000, assets: metis("141004"), liabilities: metis("141000") },
    ...{ margin: metis("4"), lines: [], faults: [] },
    buckets: {
      ...{ pool: metis("6001.5"), onTheWayUp: 0n, onL1: metis("135002.5"), onTheWayDown: 0n, toBeMinted: 0n },
    },
  }),
};

/** A reading with some of its fields changed. */
export function changed<T>(reading: Reading<T>, fields: Partial<T>): Reading<T> {
  if (reading.type === "unknown") throw new Error("it is unknown already");
  return known({ ...reading.value, ...fields });
}

/** The same vaults, the first one changed. */
export function withVault(fields: Partial<SequencerVault>): Health {
  return {
    ...calm,
    vaults: known({
      ...vaults,
      vaults: [
        { ...vault, ...fields },
        { ...vault, index: 1 },
      ],
    }),
  };
}

/** A position of the first vault with some of its fields changed. */
export function withPosition(fields: Partial<Extract<SequencerVault["live"], { type: "position" }>>): Health {
  if (vault.live.type !== "position") throw new Error("the calm vault has a position");
  return withVault({ live: { ...vault.live, ...fields } });
}
