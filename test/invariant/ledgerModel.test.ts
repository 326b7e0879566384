import { expect } from "chai";

import {
  catchUpClock,
  emptyEthereum,
  exchangeReport,
  forceOutUnread,
  loseUnread,
  resendLate,
  stakeIntoGap,
  startedProtocol,
  turnClockBack,
  withholdReport,
  type Attack,
} from "../model/attacks";
import { fuzz, harshWorld, losslessWorld, type Outcome, type World } from "../model/fuzz";
import * as model from "../model/protocol";
import { DAY, HOUR, soundRules, type Rules } from "../model/protocol";

const METIS = 10n ** 18n;
const STEPS_A_RUN = 600;
const firstSeed = Number(process.env.EMETIS_SEED ?? 1);
/** All steps of one campaign: EMETIS_STEPS=10000000 is some minutes. */
const runs = Math.ceil(Number(process.env.EMETIS_STEPS ?? 90_000) / STEPS_A_RUN);
const seeds = Array.from({ length: runs }, (_, index) => firstSeed + index);

/** The rules of the first plan where they are not {@link soundRules}. */
const decided = {
  cutoff: { ...soundRules, cutoff: "takenAndArrived", finaliseMargin: HOUR },
  unread: { ...soundRules, usesReadAt: false },
  gap: { ...soundRules, chargesOnlyAddedLoss: false },
  floor: { ...soundRules, hasSignedL1Assets: false },
} as const satisfies Record<string, Rules>;

/**
 * Finalising by order of arrival, without any clock of L2: up to where the queue ended when a report arrived that is an hour
 * older than the last one. It needs every hash to arrive within the hour, sent again or not, and is not the rule for that.
 */
const byArrival: Rules = { ...soundRules, cutoff: "arrivalOrder", finaliseMargin: HOUR };

describe("Ledger across two chains", () => {
  describe(`keeps its promises under every interleaving (seeds ${firstSeed} to ${firstSeed + runs - 1})`, () => {
    const worlds: readonly (readonly [string, Rules, World])[] = [
      ["with losses", soundRules, harshWorld],
      ["without losses", soundRules, losslessWorld],
      ["finalising by order of arrival", byArrival, { ...harshWorld, hasResends: false }],
    ];
    for (const [name, rules, world] of worlds) {
      it(name, () => {
        expect(seeds.map((seed) => fuzz(rules, world, seed, STEPS_A_RUN)).filter(isBroken)).to.deep.equal([]);
      }).timeout(0);
    }

    it("takes every path that it guards", () => {
      const outcomes = seeds.slice(0, 100).map((seed) => fuzz(soundRules, harshWorld, seed, STEPS_A_RUN));
      const taken = new Set(outcomes.flatMap((outcome) => Object.keys(outcome.taken)));
      expect([...taken]).to.include.members([
        "attributed down",
        "bridge fee burned",
        "claim",
        "exit finished",
        "finalised at par",
        "finalised below par",
        "forced exit seen",
        "instant redemption",
        "loss beyond seMetis",
        "loss covered",
        "loss repaired",
        "older report ignored",
        "profit deferred",
        "profit minted",
        "sent up",
      ]);
    });
  });

  describe("notices each rule that is broken", () => {
    const breaks: readonly (readonly [string, Partial<Rules>, World, string])[] = [
      ["a floor under each line", { hasSignedLines: false }, harshWorld, "the ledger counts METIS that is not there"],
      [
        "a floor under each line, without losses",
        { hasSignedLines: false },
        losslessWorld,
        "assets fall short though nothing was lost",
      ],
      ["no attribution on the way up", { hasAttributedUp: false }, harshWorld, "METIS that is there is not counted"],
      ["a snapshot at each report", { snapshot: "eachReport" }, harshWorld, "METIS that is there is not counted"],
      ["no snapshot", { snapshot: "none" }, harshWorld, "the ledger counts METIS that is not there"],
      [
        "older reports applied",
        { appliesOnlyNewer: false },
        losslessWorld,
        "assets fall short though nothing was lost",
      ],
      [
        "no line for deposits on Ethereum",
        { hasL1DepositLine: false },
        losslessWorld,
        "assets fall short though nothing was lost",
      ],
      [
        "finalised METIS left in the pool",
        { reservesFinalised: false },
        harshWorld,
        "a finalised claim cannot be paid",
      ],
      [
        "a forced reward not booked",
        { booksForcedReward: false },
        harshWorld,
        "a loss was booked that nobody suffered",
      ],
      [
        "a fee on what repairs a loss",
        { repairsFreeOfFee: false },
        harshWorld,
        "fees exceed their share of net profit",
      ],
      ["a fee on what leavers paid", { countsHaircuts: false }, harshWorld, "fees exceed their share of net profit"],
      [
        "tickets paid at par whatever the rate",
        { paysAtRate: false },
        harshWorld,
        "finalising lowered the rate of those who stay",
      ],
      [
        "no hour before the report",
        { finaliseMargin: 0n },
        harshWorld,
        "a ticket asked for after a loss was paid before its report",
      ],
      [
        "an old gap charged again",
        { chargesOnlyAddedLoss: false },
        harshWorld,
        "a loss was booked that nobody suffered",
      ],
      [
        "an unread vault taken for read",
        { usesReadAt: false },
        harshWorld,
        "a ticket asked for after a loss was paid before its report",
      ],
    ];
    for (const [name, rules, world, promise] of breaks) {
      it(name, () => {
        expect(firstBreak({ ...soundRules, ...rules }, world, promise)).to.include(promise);
      });
    }
  });

  describe("withstands what somebody could play", () => {
    const attacks: readonly (readonly [string, Attack, Rules, string])[] = [
      [
        "a clock that catches up while a report is on the way",
        catchUpClock,
        decided.cutoff,
        "a ticket asked for after a loss was paid before its report",
      ],
      [
        "a clock that goes back after a report",
        turnClockBack,
        decided.cutoff,
        "a ticket asked for after a loss was paid before its report",
      ],
      [
        "a report withheld until what it does not know has arrived",
        withholdReport,
        { ...soundRules, clockMargin: 0n },
        "the ledger counts METIS that is not there",
      ],
      [
        "a hash that is sent again after a loss",
        resendLate,
        byArrival,
        "a ticket asked for after a loss was paid before its report",
      ],
      ["a vault forced out while unread", forceOutUnread, decided.unread, "the ledger counts METIS that is not there"],
      [
        "a loss in a vault that cannot be read",
        loseUnread,
        decided.unread,
        "a ticket asked for after a loss was paid before its report",
      ],
      ["staking into an old gap", stakeIntoGap, decided.gap, "a loss was booked that nobody suffered"],
      [
        "commission owed by an empty Ethereum",
        emptyEthereum,
        decided.floor,
        "the ledger counts METIS that is not there",
      ],
    ];
    for (const [name, attack, broken, promise] of attacks) {
      it(name, () => {
        expect(attack(soundRules)).to.deep.equal([]);
      });

      it(`${name}, which the broken rule does not`, () => {
        expect(attack(broken)).to.include(promise);
      });
    }

    it("lets no clock through when finalising by order of arrival", () => {
      expect([...catchUpClock(byArrival), ...turnClockBack(byArrival)]).to.deep.equal([]);
    });
  });

  describe("counts a donation", () => {
    for (const interval of [HOUR, DAY, 5n * DAY]) {
      it(`on Metis within two judgements, with a report every ${interval / HOUR} h`, () => {
        const protocol = startedProtocol(soundRules);
        model.donate(protocol, "L2Gateway", 707n * METIS);
        model.bookArrivals(protocol);
        const bound = protocol.now + 2n * (3n * DAY + 2n * interval);
        while (protocol.now + interval < bound) {
          model.advance(protocol, interval - 600n);
          exchangeReport(protocol);
        }
        expect(protocol.l2.attributedDown).to.equal(707n * METIS);
      });
    }

    it("on Metis at once where the reports were withheld for a month", () => {
      const protocol = startedProtocol(soundRules);
      model.advance(protocol, 4n * DAY);
      model.donate(protocol, "L2Gateway", 707n * METIS);
      model.bookArrivals(protocol);
      exchangeReport(protocol);
      model.advance(protocol, 30n * DAY);
      exchangeReport(protocol);
      expect(protocol.l2.attributedDown).to.equal(707n * METIS);
    });

    it("on Ethereum at the next report when nothing is on the way up", () => {
      const protocol = startedProtocol(soundRules);
      model.donate(protocol, "LockManager", 707n * METIS);
      exchangeReport(protocol);
      expect(protocol.l2.attributedUp).to.equal(707n * METIS);
    });

    it("on Ethereum only when less than it is on the way up", () => {
      const protocol = startedProtocol(soundRules);
      model.donate(protocol, "StakingPool", METIS);
      exchangeReport(protocol);
      model.rebalance(protocol);
      model.donate(protocol, "LockManager", 707n * METIS);
      exchangeReport(protocol);
      expect(protocol.l2.attributedUp).to.equal(0n);
      model.advance(protocol, 8n * DAY);
      model.relayUp(protocol, 0);
      exchangeReport(protocol);
      expect(protocol.l2.attributedUp).to.equal(707n * METIS);
    });

    it("on Metis never while more than it comes down in the margin of the clocks, and then in full", () => {
      const protocol = startedProtocol(soundRules);
      model.donate(protocol, "L2Gateway", 707n * METIS);
      sendDaily(protocol, 60, 301n * METIS);
      expect(protocol.l2.attributedDown).to.equal(0n);
      sendDaily(protocol, 9, 0n);
      expect(protocol.l2.attributedDown).to.equal(707n * METIS);
    });
  });
});

/** Sends `assets` wei down and reports, every day. */
function sendDaily(protocol: model.Protocol, days: number, assets: bigint): void {
  for (let day = 0; day < days; day++) {
    model.withdraw(protocol, 0, assets);
    model.sendDown(protocol, assets);
    model.arriveDown(protocol, 0);
    model.bookArrivals(protocol);
    model.advance(protocol, DAY);
    exchangeReport(protocol);
  }
}

function isBroken({ broken }: Outcome): boolean {
  return broken.length > 0;
}

/** What the first seed broke that broke `promise`. */
function firstBreak(rules: Rules, world: World, promise: string): readonly string[] {
  for (let seed = 1; seed <= 400; seed++) {
    const { broken } = fuzz(rules, world, seed, STEPS_A_RUN);
    if (broken.includes(promise)) return broken;
  }
  return [];
}
