import { min } from "../../sdk/src/math/integers";
import { brokenPromises, deliverAndCompare } from "./oracle";
import * as model from "./protocol";
import { DAY, HOUR, createProtocol, type DonationPlace, type Protocol, type Rules } from "./protocol";
import { createRandom, type Random } from "./random";

const START = 1_800_000_000n;
/** The bridge brings hashes within the hour, when it brings them. */
const HASH_LATENCY = 55n * 60n;

/** What may happen in a run beside what users and keepers do. */
export interface World {
  readonly hasLosses: boolean;
  readonly hasUnreadableVaults: boolean;
  readonly hasResends: boolean;
  /** How far L2's clock may be behind, seconds. */
  readonly maxLag: bigint;
}

export const harshWorld: World = { hasLosses: true, hasUnreadableVaults: true, hasResends: true, maxLag: 6n * HOUR };
export const losslessWorld: World = { ...harshWorld, hasLosses: false };

/** How a run ended. */
export interface Outcome {
  readonly seed: number;
  /** The steps taken, the last one being that which broke a promise. */
  readonly steps: readonly string[];
  readonly broken: readonly string[];
  readonly taken: Readonly<Record<string, number>>;
}

type Step = (protocol: Protocol, random: Random) => unknown;

const userSteps: Record<string, Step> = {
  deposit: (p, r) => model.deposit(p, r.assets()),
  stake: (p, r) => model.stake(p, r.share(p.l2.free)),
  unstake: (p, r) => model.unstake(p, r.share(p.l2.stakers.shares)),
  requestRedeem: (p, r) => model.requestRedeem(p, r.share(p.l2.free)),
  claim: (p, r) => model.claim(p, r.below(p.l2.queue.tickets.length)),
  redeemInstant: (p, r) => model.redeemInstant(p, r.share(p.l2.free) / 20n),
  depositOnL1: (p, r) => model.depositOnL1(p, r.assets()),
};

// What is there twice happens twice as often.
const crankSteps: Record<string, Step> = {
  rebalance: (p) => model.rebalance(p),
  rebalanceAgain: (p) => model.rebalance(p),
  bookArrivals: (p) => {
    model.bookArrivals(p);
  },
  sync: (p) => {
    model.sync(p);
  },
  lock: (p, r) => model.lock(p, r.below(p.l1.vaults.length), r.share(p.l1.idle)),
  compound: (p, r) => model.harvest(p, r.below(p.l1.vaults.length), "compound"),
  bridgeReward: (p, r) => model.harvest(p, r.below(p.l1.vaults.length), "bridge"),
  withdraw: (p, r) => model.withdraw(p, r.below(p.l1.vaults.length), r.assets()),
  sendDown: (p, r) => model.sendDown(p, r.share(p.l1.idle)),
  beginExit: (p, r) => r.below(4) === 0 && model.beginExit(p, r.below(p.l1.vaults.length)),
  finishExit: (p, r) => model.finishExit(p, r.below(p.l1.vaults.length)),
  sweepVault: (p, r) => model.sweepVault(p, r.below(p.l1.vaults.length)),
  payCommission: (p) => model.payCommission(p),
  report: (p) => model.report(p),
  reportAgain: (p) => model.report(p),
  deliverAny: (p, r) => model.deliver(p, 1 + r.below(p.l1.messages.length)),
  deliverRecent: (p, r) => model.deliver(p, p.l1.messages.length - r.below(4)),
  deliverNewest: (p, r) => {
    const number = newestReport(p);
    if (r.below(8) === 0) p.truth.violations.push(...deliverAndCompare(p, number));
    else model.deliver(p, number);
  },
  deliverDeposits: (p) => {
    p.l1.messages.forEach(({ type }, index) => type === "l1Deposit" && model.deliver(p, index + 1));
  },
  confirmLoss: (p) => model.confirmLoss(p),
};

const worldSteps: Record<string, Step> = {
  seconds: (p, r) => {
    pass(p, BigInt(1 + r.below(60)));
  },
  minutes: (p, r) => {
    pass(p, BigInt(60 * (1 + r.below(60))));
  },
  hours: (p, r) => {
    pass(p, BigInt(3_600 * (1 + r.below(24))));
  },
  days: (p, r) => {
    pass(p, BigInt(r.below(2)) * BigInt(86_400 * (1 + r.below(8))) + HOUR);
  },
  relayUp: (p, r) => model.relayUp(p, r.below(p.bridge.up.length)),
  arriveDown: (p, r) => model.arriveDown(p, r.below(p.bridge.down.length)),
  arriveDownAgain: (p, r) => model.arriveDown(p, r.below(p.bridge.down.length)),
  arriveHash: (p, r) => model.arriveHash(p, r.below(p.bridge.hashes.length)),
  loseHash: (p, r) => r.below(3) === 0 && model.loseHash(p, r.below(p.bridge.hashes.length)),
  creditReward: (p, r) => {
    const index = r.below(p.l1.vaults.length);
    return model.creditReward(p, index, r.share(p.l1.vaults[index]?.position.amount ?? 0n) / 100n);
  },
  forceUnlock: (p, r) => r.below(6) === 0 && model.forceUnlock(p, r.below(p.l1.vaults.length)),
  donate: (p, r) => r.below(2) === 0 && model.donate(p, r.pick(places), r.assets() / 10n),
};

const places: readonly DonationPlace[] = ["LockManager", "vault", "L2Gateway", "StakingPool"];

function stepsOf(world: World): readonly (readonly [string, Step])[] {
  const rare: Record<string, Step> = {
    setLag: (p, r) => model.setLag(p, world.maxLag === 0n ? 0n : BigInt(r.below(Number(world.maxLag)))),
  };
  if (world.hasLosses) {
    rare.lose = (p, r) => {
      const index = r.below(p.l1.vaults.length);
      const { amount } = p.l1.vaults[index]?.position ?? { amount: 0n };
      return r.below(3) === 0 && model.lose(p, index, r.below(5) === 0 ? amount : r.share(amount) / 50n);
    };
  }
  if (world.hasUnreadableVaults) {
    rare.setReadable = (p, r) => model.setReadable(p, r.below(p.l1.vaults.length), r.below(3) > 0);
  }
  if (world.hasResends) rare.resend = (p, r) => model.resend(p, 1 + r.below(p.l1.messages.length));
  return Object.entries({ ...userSteps, ...crankSteps, ...worldSteps, ...rare });
}

/** Runs `count` random steps from `seed`, then lets everything arrive; stops at the first broken promise. */
export function fuzz(rules: Rules, world: World, seed: number, count: number): Outcome {
  const random = createRandom(seed);
  const protocol = createProtocol(rules, START);
  const choices = stepsOf(world);
  const steps: string[] = [];
  model.deposit(protocol, 100_000n * 10n ** 18n);
  for (let index = 0; index < count; index++) {
    const [name, step] = random.pick(choices);
    steps.push(name);
    step(protocol, random);
    const broken = brokenPromises(protocol);
    if (broken.length > 0) return { seed, steps, broken, taken: protocol.truth.taken };
  }
  steps.push("settle");
  return { seed, steps, broken: settle(protocol), taken: protocol.truth.taken };
}

/**
 * Lets all that is under way arrive and then reports daily for 12 days without another wei being sent: everything that is
 * there must be counted then, exactly once.
 */
export function settle(protocol: Protocol): readonly string[] {
  const { l1, l2, bridge } = protocol;
  model.setLag(protocol, 0n);
  l1.vaults.forEach((_, index) => model.setReadable(protocol, index, true));
  model.sync(protocol);
  pass(protocol, 22n * DAY);
  while (model.relayUp(protocol, 0));
  l1.vaults.forEach((_, index) => {
    model.finishExit(protocol, index);
    model.sweepVault(protocol, index);
  });
  l1.messages.forEach((_, index) => l2.hashes.has(index + 1) || model.resend(protocol, index + 1));
  while (bridge.hashes.length > 0) model.arriveHash(protocol, 0);
  while (bridge.down.length > 0) model.arriveDown(protocol, 0);
  for (let day = 0; day < 12; day++) {
    pass(protocol, DAY);
    model.confirmLoss(protocol);
    model.bookArrivals(protocol);
    model.report(protocol);
    pass(protocol, HOUR);
    model.deliver(protocol, l1.messages.length);
    l1.messages.forEach(({ type }, index) => type === "l1Deposit" && model.deliver(protocol, index + 1));
  }
  const isMinted = l1.l1Deposits === l2.mintedForL1;
  const isCounted = model.ledgerOf(protocol) === model.backing(protocol);
  return [
    ...brokenPromises(protocol),
    ...(isMinted || l1.l1Deposits - l2.mintedForL1 > 5n * model.parameters.l1DepositLimit
      ? []
      : ["a deposit on Ethereum is not minted"]),
    ...(isCounted ? [] : ["METIS that is there is not counted"]),
  ];
}

/** Lets time pass; hashes on the way arrive within the hour. */
export function pass(protocol: Protocol, seconds: bigint): void {
  const end = protocol.now + seconds;
  for (;;) {
    const due = protocol.bridge.hashes.findIndex(({ sentAt }) => sentAt + HASH_LATENCY <= end);
    const hash = protocol.bridge.hashes[due];
    if (hash === undefined) break;
    const wait = hash.sentAt + HASH_LATENCY - protocol.now;
    model.advance(protocol, min(wait, end - protocol.now));
    model.arriveHash(protocol, due);
  }
  model.advance(protocol, end - protocol.now);
}

function newestReport({ l1 }: Protocol): number {
  return l1.messages.map(({ type }) => type).lastIndexOf("report") + 1;
}
