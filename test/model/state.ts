import type { Report, Snapshot } from "../../sdk/src/math/ledger";
import { CLOCK_MARGIN } from "../../sdk/src/math/ledger";
import type { RateCheckpoint, RequestCheckpoint } from "../../sdk/src/math/queue";
import type { Bucket } from "../../sdk/src/math/rateLimit";

export const HOUR = 3_600n;
export const DAY = 86_400n;
export const BRIDGE_UP_DELAY = 7n * DAY;
export const EXIT_DELAY = 21n * DAY;
/** Without a report for so long a ticket's age alone finalises it. */
export const SILENCE = 7n * DAY;
export const LOSS_STOP = 3n * DAY;
/** `MIN_DEPOSIT` and `MIN_TICKET`, wei. */
export const MINIMUM = 10n ** 16n;

/** Each rule that looks odd can be broken, to see that something notices. {@link soundRules} are the ones to keep. */
export interface Rules {
  /** Lines of the ledger are signed; else each is floored at 0. */
  readonly hasSignedLines: boolean;
  /** What L1 received beyond all that was sent up is counted once. */
  readonly hasAttributedUp: boolean;
  /** When a snapshot of arrivals is taken: after it was judged, at each report, or never (arrivals are judged at once). */
  readonly snapshot: "afterJudging" | "eachReport" | "none";
  /** Seconds by which a report must be younger than the snapshot that it judges. */
  readonly clockMargin: bigint;
  /** Where finalisation ends: before the report by L2's clock, before its arrival too, or by order of arrival alone. */
  readonly cutoff: "taken" | "takenAndArrived" | "arrivalOrder";
  /** Seconds before the report that a ticket must have been asked for. */
  readonly finaliseMargin: bigint;
  /** A report proves only what was read: cutoff and judgement go by the oldest reading of a vault. */
  readonly usesReadAt: boolean;
  /** Profit that replaces a loss of seMetis bears no fee. */
  readonly repairsFreeOfFee: boolean;
  /** Only a report with a higher number and no step back is applied. */
  readonly appliesOnlyNewer: boolean;
  /** Deposits on Ethereum and their mints have a line in the ledger. */
  readonly hasL1DepositLine: boolean;
  /** Finalised METIS leaves the pool. */
  readonly reservesFinalised: boolean;
  /** The reward last seen in a vault that Metis forced out is booked as sent down. */
  readonly booksForcedReward: boolean;
  /** A report charges seMetis only with the shortfall that it adds. */
  readonly chargesOnlyAddedLoss: boolean;
  /** What leavers were paid less than par, and unvested rewards burned for a bridge fee, is repaired free of fee too. */
  readonly countsHaircuts: boolean;
  /** `l1Assets` may be negative in a report: when operators are owed more than Ethereum holds. */
  readonly hasSignedL1Assets: boolean;
  /** Finalised tickets are paid at min(1, rate). */
  readonly paysAtRate: boolean;
}

/** What the fuzz holds to be sound. */
export const soundRules: Rules = {
  hasSignedLines: true,
  hasAttributedUp: true,
  snapshot: "afterJudging",
  clockMargin: CLOCK_MARGIN,
  cutoff: "taken",
  finaliseMargin: 12n * HOUR,
  usesReadAt: true,
  repairsFreeOfFee: true,
  appliesOnlyNewer: true,
  hasL1DepositLine: true,
  reservesFinalised: true,
  booksForcedReward: true,
  chargesOnlyAddedLoss: true,
  countsHaircuts: true,
  hasSignedL1Assets: true,
  paysAtRate: true,
};

/** As `IStakingPool.Parameters` and what else the model needs; basis points, seconds, wei. */
export const parameters = {
  protocolFeeBps: 1_000n,
  maxRewardRateBps: 4_000n,
  lossThresholdBps: 100n,
  reserveBps: 500n,
  minInstantFeeBps: 10n,
  maxInstantFeeBps: 100n,
  streamPeriod: 7n * DAY,
  l1DepositLimit: 50_000n * 10n ** 18n,
  commissionBps: 500n,
  bridgeFee: 5n * 10n ** 17n,
  maxBridgeFeeBps: 10n,
} as const;

/** A position as Metis's LockingPool holds it. */
export interface Position {
  amount: bigint;
  reward: bigint;
  isUnlocked: boolean;
  claimableAt: bigint;
}

/** A vault as LockManager last saw it, with the truth beside it. */
export interface Vault {
  phase: "waiting" | "active" | "exiting";
  principal: bigint;
  reward: bigint;
  /** L1 time at which it was last read. */
  readAt: bigint;
  isReadable: boolean;
  /** METIS that somebody sent to the vault itself. */
  surplus: bigint;
  position: Position;
}

export type Payload =
  | { readonly type: "report"; readonly report: Report; readonly readAt: bigint }
  | { readonly type: "l1Deposit"; readonly assets: bigint; readonly runningTotal: bigint };

export interface Ethereum {
  /** METIS that LockManager has; beyond `idle` it is an arrival not yet booked. */
  held: bigint;
  idle: bigint;
  owed: bigint;
  receivedFromL2: bigint;
  sentToL2: bigint;
  l1Deposits: bigint;
  lossSeenAt: bigint | undefined;
  readonly vaults: Vault[];
  /** Payload `number` is at `number − 1`. */
  readonly messages: Payload[];
}

export interface Ticket {
  readonly id: bigint;
  readonly end: bigint;
  claimedUntil: bigint;
  /** Real time, which no contract knows. */
  readonly askedAt: bigint;
}

export interface Queue {
  /** METIS of finalised tickets. */
  held: bigint;
  paid: bigint;
  requestedUntil: bigint;
  finalisedUntil: bigint;
  rates: readonly RateCheckpoint[];
  requests: readonly RequestCheckpoint[];
  readonly tickets: Ticket[];
}

/** Minimal: shares without an offset, one linear stream. The exact maths are `shares.ts` and `rewardStream.ts`. */
export interface Stakers {
  shares: bigint;
  assets: bigint;
  unvested: bigint;
  vestedAt: bigint;
  endsAt: bigint;
}

export interface Hash {
  state: "unknown" | "known" | "used";
  /** L2 time of the arrival. */
  arrivedAt: bigint;
  /** Where the queue ended at the arrival. */
  requestedUntil: bigint;
}

/** That everything up to `requestedUntil` was asked for before a hash arrived whose report was taken at `takenAt`. */
export interface Witness {
  readonly takenAt: bigint;
  readonly requestedUntil: bigint;
}

export interface Metis {
  /** How far L2's clock is behind, seconds. */
  lag: bigint;
  /** Greatest L2 time seen at a report. */
  latestTime: bigint;
  reserveTarget: bigint;
  cutoff: bigint;
  gatewayHeld: bigint;
  /** METIS that the pool has beyond `buffer`, not booked yet. */
  surplus: bigint;
  buffer: bigint;
  sentToL1: bigint;
  attributedUp: bigint;
  receivedFromL1: bigint;
  attributedDown: bigint;
  mintedForL1: bigint;
  announced: bigint;
  totalSupply: bigint;
  /** eMetis in wallets, the treasury's included. */
  free: bigint;
  unrecoveredLoss: bigint;
  stoppedUntil: bigint;
  sentUpAt: bigint;
  report: Report;
  reportReadAt: bigint;
  reportNumber: number;
  reportAppliedAt: bigint;
  snapshot: Snapshot;
  bucket: Bucket;
  /** Wei of deposit `number` minted already. */
  readonly mintedOf: Map<number, bigint>;
  readonly hashes: Map<number, Hash>;
  witnesses: Witness[];
  readonly queue: Queue;
  readonly stakers: Stakers;
}

export interface Bridge {
  readonly up: { readonly assets: bigint; readonly relayableAt: bigint }[];
  readonly down: bigint[];
  readonly hashes: { readonly number: number; readonly sentAt: bigint }[];
}

export interface Loss {
  readonly at: bigint;
  readonly vault: number;
  readonly assets: bigint;
  /** The first message number whose report knows it. */
  knownFrom: number | undefined;
}

/** What really happened, for the oracle alone. */
export interface Truth {
  deposited: bigint;
  donated: bigint;
  rewarded: bigint;
  lost: bigint;
  bridgeFees: bigint;
  commissions: bigint;
  protocolFees: bigint;
  minted: bigint;
  /** eMetis that vanished without METIS: burned for losses and fees, and what leavers were paid less than par. */
  burned: bigint;
  highestNetProfit: bigint;
  readonly losses: Loss[];
  /** What the steps themselves found wrong. */
  readonly violations: string[];
  /** How often each path was taken. */
  readonly taken: Record<string, number>;
}

/** Both chains, the bridge between them, and the truth. Every transition changes the object that it is given. */
export interface Protocol {
  readonly rules: Rules;
  /** Real time, which is L1's. */
  now: bigint;
  readonly l1: Ethereum;
  readonly l2: Metis;
  readonly bridge: Bridge;
  readonly truth: Truth;
}

/** An empty protocol at `now`. */
export function createProtocol(rules: Rules, now: bigint, vaultCount = 3): Protocol {
  const report: Report = { takenAt: now, l1Assets: 0n, receivedFromL2: 0n, sentToL2: 0n, l1Deposits: 0n };
  return {
    rules,
    now,
    l1: {
      held: 0n,
      idle: 0n,
      owed: 0n,
      receivedFromL2: 0n,
      sentToL2: 0n,
      l1Deposits: 0n,
      lossSeenAt: undefined,
      vaults: Array.from({ length: vaultCount }, () => emptyVault(now)),
      messages: [],
    },
    l2: {
      lag: 0n,
      latestTime: now,
      reserveTarget: 0n,
      cutoff: 0n,
      gatewayHeld: 0n,
      surplus: 0n,
      buffer: 0n,
      sentToL1: 0n,
      attributedUp: 0n,
      receivedFromL1: 0n,
      attributedDown: 0n,
      mintedForL1: 0n,
      announced: 0n,
      totalSupply: 0n,
      free: 0n,
      unrecoveredLoss: 0n,
      stoppedUntil: 0n,
      sentUpAt: 0n,
      report,
      reportReadAt: now,
      reportNumber: 0,
      reportAppliedAt: now,
      snapshot: { receivedFromL1: 0n, takenAt: now },
      bucket: { used: 0n, usedAt: 0n },
      mintedOf: new Map(),
      hashes: new Map(),
      witnesses: [],
      queue: { held: 0n, paid: 0n, requestedUntil: 0n, finalisedUntil: 0n, rates: [], requests: [], tickets: [] },
      stakers: { shares: 0n, assets: 0n, unvested: 0n, vestedAt: now, endsAt: now },
    },
    bridge: { up: [], down: [], hashes: [] },
    truth: {
      deposited: 0n,
      donated: 0n,
      rewarded: 0n,
      lost: 0n,
      bridgeFees: 0n,
      commissions: 0n,
      protocolFees: 0n,
      minted: 0n,
      burned: 0n,
      highestNetProfit: 0n,
      losses: [],
      violations: [],
      taken: {},
    },
  };
}

/** A vault without a position. */
export function emptyVault(now: bigint): Vault {
  return {
    phase: "waiting",
    principal: 0n,
    reward: 0n,
    readAt: now,
    isReadable: true,
    surplus: 0n,
    position: emptyPosition(),
  };
}

/** A position before its first lock. */
export function emptyPosition(): Position {
  return { amount: 0n, reward: 0n, isUnlocked: false, claimableAt: 0n };
}

/** Counts that `path` was taken. */
export function mark(protocol: Protocol, path: string): void {
  protocol.truth.taken[path] = (protocol.truth.taken[path] ?? 0) + 1;
}
