import { expect } from "chai";
import { parseEther } from "ethers";

import { LockManager__factory } from "../../../../sdk/src/generated/contracts";
import { messengerContract } from "../../../../scripts/lib/keeper/observe/crossings";
import { gasOf } from "../../../../scripts/lib/keeper/policy";
import {
  crossing,
  day,
  decisionOf,
  decisions,
  depositMessage,
  gwei,
  hour,
  keeperAddress,
  now,
  quietL1,
  quietL2,
  reportMessage,
  vault,
  waitOf,
} from "./quiet";

const metis = parseEther;
/** The queue waits for so much METIS from Ethereum. */
const waitingFor = (assets: bigint, askedAt = now - hour) => ({
  l2: { needTarget: assets, pending: assets + metis("1000"), oldestPendingAt: askedAt },
});

describe("decide", () => {
  it("says of every crank why it is not turned, on a day when nothing is to be done", () => {
    const found = decisions();
    expect(new Set(found.map(({ action }) => action))).to.deep.equal(new Set(Object.keys(gasOf)));
    expect(found.filter(({ isDue }) => isDue)).to.deep.equal([]);
    expect(found.every(({ why }) => why !== "")).to.equal(true);
  });

  describe("what all cranks share", () => {
    const idle = (assets: bigint) => ({ held: assets });

    it("turns one that earns its cost five times, and not one wei less", () => {
      // 550,000 gas at 1 gwei, at 250 METIS for an ETH, five times; 10 % a year for 30 days.
      const needed = (5n * 250n * 550_000n * gwei * 10_000n * 365n + 29_999n) / (1_000n * 30n);
      expect(waitOf("allocate", { l1: idle(needed + 1_000n) })).to.equal("due");
      expect(waitOf("allocate", { l1: idle(needed - 1_000n) })).to.equal("worth");
    });

    it("waits while gas is dearer than the policy allows", () => {
      const dear = { gasPrice: 61n * gwei };
      const old = { lastReportAt: now - 23n * hour };
      expect(waitOf("report", { bridge: old, purse: dear })).to.equal("gasPrice");
      expect(waitOf("report", { bridge: old, purse: { gasPrice: 60n * gwei } })).to.equal("due");
    });

    it("does what is overdue at any price within the day's cap", () => {
      const veryOld = { lastReportAt: now - 33n * hour };
      expect(waitOf("report", { bridge: veryOld, purse: { gasPrice: 400n * gwei } })).to.equal("due");
      expect(waitOf("report", { bridge: veryOld, purse: { gasPrice: 600n * gwei } })).to.equal("cap");
    });

    it("counts what was spent in the last 24 hours against the cap", () => {
      const old = { lastReportAt: now - 23n * hour };
      const cost = gasOf.report * gwei + 10n ** 14n;
      const cap = { l1: 10n ** 17n + cost, l2: 1n };
      expect(waitOf("report", { bridge: old, purse: { spent: 10n ** 17n }, policy: { dailyCap: cap } })).to.equal(
        "due",
      );
      expect(waitOf("report", { bridge: old, purse: { spent: 10n ** 17n + 1n }, policy: { dailyCap: cap } })).to.equal(
        "cap",
      );
    });

    it("keeps half of the cap for what users wait for", () => {
      const cost = gasOf.allocate * gwei;
      const policy = { dailyCap: { l1: 2n * 10n ** 17n, l2: 1n } };
      const spent = 10n ** 17n - cost;
      expect(waitOf("allocate", { l1: idle(metis("50000")), purse: { spent }, policy })).to.equal("due");
      expect(waitOf("allocate", { l1: idle(metis("50000")), purse: { spent: spent + 1n }, policy })).to.equal("cap");
      const old = { lastReportAt: now - 23n * hour };
      expect(waitOf("report", { bridge: old, purse: { spent: 15n * 10n ** 16n }, policy })).to.equal("due");
    });

    it("names what an empty keeper lacks", () => {
      const cost = gasOf.report * gwei + 10n ** 14n;
      const decision = decisionOf("report", { bridge: { lastReportAt: now - 23n * hour }, purse: { balance: 5n } });
      expect(decision).to.deep.include({ isDue: false, wait: { type: "balance", missing: cost - 5n } });
    });

    it("lets an order cost no more than the cap has left", () => {
      const decision = decisionOf("report", {
        bridge: { lastReportAt: now - 33n * hour },
        policy: { dailyCap: { l1: gasOf.report * 70n * gwei + 10n ** 14n, l2: 1n } },
      });
      expect(decision).to.deep.include({ isDue: true, maxGasPrice: 70n * gwei });
    });

    it("leaves alone what Ethereum did not show some blocks before", () => {
      const surplus = { vaults: [vault({ surplus: metis("700") })] };
      expect(waitOf("sweepVault", { l1: surplus })).to.equal("due");
      expect(waitOf("sweepVault", { l1: surplus, settled: { vaults: [vault()] } })).to.equal("unsettled");
      expect(waitOf("sweepVault", { settled: surplus })).to.equal("nothing");
    });
  });

  describe("report", () => {
    it("is due 22 hours after the last one, delivered or not", () => {
      expect(waitOf("report", { bridge: { lastReportAt: now - 22n * hour } })).to.equal("due");
      expect(waitOf("report", { bridge: { lastReportAt: now - 22n * hour + 1n } })).to.equal("until");
    });

    it("is due for tickets that are worth it, 6 hours after the last one", () => {
      const l2 = { awaitingReport: metis("100") };
      expect(waitOf("report", { l2, bridge: { lastReportAt: now - 6n * hour } })).to.equal("due");
      expect(waitOf("report", { l2, bridge: { lastReportAt: now - 6n * hour + 1n } })).to.equal("until");
      expect(waitOf("report", { l2: { awaitingReport: 1n }, bridge: { lastReportAt: now - 6n * hour } })).to.equal(
        "worth",
      );
    });

    it("is due for rewards that are worth it, their commission left out", () => {
      const rewarded = (reward: bigint) => ({
        l1: { vaults: [vault({}, { reward })] },
        bridge: { lastReportAt: now - 6n * hour },
      });
      expect(waitOf("report", rewarded(metis("3")))).to.equal("due");
      expect(waitOf("report", rewarded(metis("2")))).to.equal("until");
    });

    it("is due for a loss and a forced exit, 10 minutes after the last one", () => {
      const lost = { vaults: [vault({ principal: metis("30000") }, { principal: metis("29999") })] };
      const forced = { vaults: [vault({}, { phase: "exiting", exitClaimableAt: now + day })] };
      for (const l1 of [lost, forced]) {
        expect(waitOf("report", { l1, bridge: { lastReportAt: now - 600n } })).to.equal("due");
        expect(waitOf("report", { l1, bridge: { lastReportAt: now - 599n } })).to.equal("until");
      }
    });

    it("is due for a loss that another crank has booked since the last one", () => {
      const takenAt = now - 600n;
      const booked = (lossSeenAt: bigint) => ({ l1: { lossSeenAt }, bridge: { lastReportAt: takenAt } });
      expect(waitOf("report", booked(takenAt + 1n))).to.equal("due");
      expect(waitOf("report", booked(takenAt))).to.equal("until");
    });

    it("is taken anew when the last one has not arrived for 12 hours", () => {
      const sent = (sentAt: bigint) => ({ bridge: { messages: [reportMessage({ state: "unknown", sentAt })] } });
      expect(waitOf("report", sent(now - 12n * hour))).to.equal("due");
      expect(waitOf("report", sent(now - 12n * hour + 1n))).to.equal("until");
    });

    it("waits while Metis does not tell the bridge's fee", () => {
      expect(waitOf("report", { l1: { fees: undefined }, bridge: { lastReportAt: 0n } })).to.equal("blocked");
    });
  });

  describe("sync", () => {
    it("is due for a loss when no report may be taken for it, and only then", () => {
      const l1 = { vaults: [vault({ principal: metis("30000") }, { principal: metis("29999") })] };
      expect(waitOf("sync", { l1, bridge: { lastReportAt: now - 300n } })).to.equal("due");
      expect(waitOf("sync", { l1, bridge: { lastReportAt: now - hour } })).to.equal("nothing");
      expect(waitOf("sync", { l1: { held: metis("5") } })).to.equal("nothing");
    });
  });

  describe("allocate", () => {
    it("keeps what operators are owed, and what the queue waits for", () => {
      const totals = { ...quietL1().totals, owed: metis("900") };
      expect(waitOf("allocate", { l1: { held: metis("900"), totals } })).to.equal("nothing");
      expect(waitOf("allocate", { l1: { held: metis("500") }, ...waitingFor(metis("500")) })).to.equal("nothing");
      expect(waitOf("allocate", { l1: { held: metis("1000") }, ...waitingFor(metis("500")) })).to.equal("due");
    });

    it("locks nothing while a need is not reached, or somebody paused", () => {
      const held = metis("1000");
      const need = { number: 1n, target: 1n, unreachedSince: 0n };
      expect(waitOf("allocate", { l1: { held, need } })).to.equal("nothing");
      expect(waitOf("allocate", { l1: { held, pausedUntil: now + 1n } })).to.equal("until");
      expect(
        waitOf("allocate", { l1: { held, pool: { isOpen: false, minLock: 0n, maxLock: 0n, currentBatch: 0n } } }),
      ).to.equal("blocked");
    });

    it("opens a vault with a fresh key, and none that was given a position or that Metis does not let in", () => {
      const held = metis("20000");
      const waiting = {
        phase: "waiting",
        sequencerId: 0n,
        principal: 0n,
        live: { type: "none" },
        canOpen: true,
      } as const;
      const donation = { sequencerId: 3n, isActive: true, claimableAt: 0n, reward: 0n };
      expect(waitOf("allocate", { l1: { held, vaults: [vault(waiting)] } })).to.equal("due");
      expect(waitOf("allocate", { l1: { held: held - 1n, vaults: [vault(waiting)] } })).to.equal("nothing");
      for (const fault of [{ canOpen: false }, { donation }, { isWhitelisted: false }]) {
        expect(waitOf("allocate", { l1: { held, vaults: [vault({ ...waiting, ...fault })] } })).to.equal("nothing");
      }
    });
  });

  describe("harvest", () => {
    it("is due when the rewards are worth it, of vaults that Metis lets work", () => {
      expect(waitOf("harvest", { l1: { vaults: [vault({}, { reward: metis("1") })] } })).to.equal("due");
      expect(waitOf("harvest", { l1: { vaults: [vault({}, { reward: metis("0.5") })] } })).to.equal("worth");
      expect(waitOf("harvest", { l1: { vaults: [vault({ isWhitelisted: false }, { reward: metis("1") })] } })).to.equal(
        "nothing",
      );
    });

    it("sends the bridge's fee for each vault without room, and none for the others", () => {
      const full = vault({ index: 1 }, { principal: metis("100000"), reward: metis("50") });
      const roomy = vault({}, { reward: metis("50") });
      const decision = decisionOf("harvest", { l1: { vaults: [roomy, full] } });
      expect(decision.isDue && decision.call.value).to.equal(10n ** 14n);
    });
  });

  describe("exits and vaults", () => {
    const exiting = (exitClaimableAt: bigint, changes = {}) => ({
      l1: { vaults: [vault({ phase: "exiting", ...changes }, { phase: "exiting", exitClaimableAt })] },
    });

    it("finishes an exit from its second on, where Metis lets the vault work", () => {
      expect(waitOf("finishExit", exiting(now))).to.equal("due");
      expect(waitOf("finishExit", exiting(now + 1n))).to.equal("until");
      expect(waitOf("finishExit", exiting(now, { isWhitelisted: false }))).to.equal("blocked");
    });

    it("expels a position that was given to a vault: at once, and again when its exit is over", () => {
      const given = (isActive: boolean, claimableAt: bigint) => ({
        l1: { vaults: [vault({ donation: { sequencerId: 3n, isActive, claimableAt, reward: 0n } })] },
      });
      expect(waitOf("expelDonation", given(true, 0n))).to.equal("due");
      expect(waitOf("expelDonation", given(false, now + 1n))).to.equal("until");
      expect(waitOf("expelDonation", given(false, now))).to.equal("due");
    });

    it("sweeps a vault for METIS that is worth it, and not for dust", () => {
      expect(waitOf("sweepVault", { l1: { vaults: [vault({ surplus: metis("1") })] } })).to.equal("due");
      expect(waitOf("sweepVault", { l1: { vaults: [vault({ surplus: 1n })] } })).to.equal("worth");
    });

    it("points rewards back at the gateway in force", () => {
      const astray = vault({}, { rewardRecipient: keeperAddress });
      expect(waitOf("refreshRewardRecipient", { l1: { vaults: [astray] } })).to.equal("due");
      expect(waitOf("refreshRewardRecipient")).to.equal("nothing");
    });

    it("pays commissions only if it is told to", () => {
      const l1 = { vaults: [vault({ owed: metis("5") })], held: metis("9") };
      expect(waitOf("payCommission", { l1, policy: { paysCommission: true } })).to.equal("due");
      expect(waitOf("payCommission", { l1 })).to.equal("nothing");
      expect(waitOf("payCommission", { l1: { ...l1, held: 0n }, policy: { paysCommission: true } })).to.equal(
        "nothing",
      );
    });
  });

  describe("recall", () => {
    const assetsOf = (decision: ReturnType<typeof decisionOf>) =>
      decision.isDue &&
      BigInt(String(LockManager__factory.createInterface().decodeFunctionData("recall", decision.call.data)[0]));

    it("brings what the queue waits for, within the limit", () => {
      expect(assetsOf(decisionOf("recall", waitingFor(metis("500"))))).to.equal(metis("500"));
      expect(assetsOf(decisionOf("recall", waitingFor(metis("5000"))))).to.equal(metis("600"));
    });

    it("brings no more than can be withdrawn, and leaves out what is on its way", () => {
      const totals = { ...quietL1().totals, withdrawableNow: metis("200") };
      expect(assetsOf(decisionOf("recall", { ...waitingFor(metis("5000")), l1: { totals } }))).to.equal(metis("200"));
      const counters = { receivedFromL2: 0n, sentToL2: metis("4900"), l1Deposits: 0n };
      expect(assetsOf(decisionOf("recall", { ...waitingFor(metis("5000")), l1: { counters } }))).to.equal(metis("100"));
      expect(waitOf("recall", { ...waitingFor(metis("4900")), l1: { counters } })).to.equal("nothing");
    });

    it("waits for a quarter of the day's limit when that cannot fill the queue", () => {
      const left = (available: bigint) => ({ recall: { type: "allowed", available, daily: metis("600") } as const });
      expect(waitOf("recall", { ...waitingFor(metis("5000")), l1: left(metis("149")) })).to.equal("until");
      expect(waitOf("recall", { ...waitingFor(metis("5000")), l1: left(metis("150")) })).to.equal("due");
    });

    it("takes little only for those who have waited a day", () => {
      expect(waitOf("recall", waitingFor(metis("0.01")))).to.equal("worth");
      const alone = { l2: { ...waitingFor(metis("0.01"), now - day).l2, pending: metis("0.01") } };
      expect(waitOf("recall", alone)).to.equal("due");
    });

    it("takes no dust for the last in a long queue, whose first has waited a day and is served", () => {
      expect(waitOf("recall", waitingFor(metis("0.01"), now - 2n * day))).to.equal("worth");
      expect(waitOf("recall", waitingFor(metis("20"), now - 2n * day))).to.equal("due");
    });

    it("asks for nothing while there is nothing to recall", () => {
      const totals = { ...quietL1().totals, withdrawableNow: 0n, l1Assets: 0n };
      const recall = { type: "allowed", available: 0n, daily: 0n } as const;
      expect(waitOf("recall", { ...waitingFor(metis("500"), now - day), l1: { totals, recall } })).to.equal("until");
    });

    it("is left to others without the role, and to recallForNeed when the need covers it", () => {
      expect(waitOf("recall", { ...waitingFor(metis("500")), l1: { recall: { type: "noRole" } } })).to.equal("blocked");
      const need = { number: 1n, target: metis("500"), unreachedSince: 0n };
      expect(waitOf("recall", { ...waitingFor(metis("500")), l1: { need } })).to.equal("nothing");
    });
  });

  describe("the need", () => {
    const need = { number: 1n, target: metis("5000"), unreachedSince: 0n };
    const none = { ...quietL1().totals, withdrawableNow: 0n };

    it("is met by whatever can be recalled, as long as the queue waits", () => {
      expect(waitOf("recallForNeed", { ...waitingFor(metis("5000")), l1: { need } })).to.equal("due");
      expect(waitOf("recallForNeed", { l1: { need } })).to.equal("nothing");
      expect(waitOf("recallForNeed", waitingFor(metis("5000")))).to.equal("nothing");
    });

    it("starts the clock of the exits once, when nothing can be recalled", () => {
      expect(waitOf("recallForNeed", { ...waitingFor(metis("5000")), l1: { need, totals: none } })).to.equal("due");
      const started = { ...need, unreachedSince: now - day };
      expect(waitOf("recallForNeed", { ...waitingFor(metis("5000")), l1: { need: started, totals: none } })).to.equal(
        "blocked",
      );
    });

    it("is not met by dust that somebody sends, however long the queue has waited", () => {
      const started = { ...need, unreachedSince: now - day };
      const sent = (withdrawableNow: bigint) => ({ need: started, totals: { ...none, withdrawableNow } });
      const waiting = waitingFor(metis("5000"), now - 3n * day);
      expect(waitOf("recallForNeed", { ...waiting, l1: sent(1n) })).to.equal("worth");
      expect(waitOf("recallForNeed", { ...waiting, l1: sent(metis("20")) })).to.equal("due");
    });

    it("takes the smallest position that suffices after 7 days, none for what exits bring", () => {
      const since = (unreachedSince: bigint) => ({ need: { ...need, unreachedSince }, totals: none });
      const vaults = [
        vault({ index: 0 }, { principal: metis("40000") }),
        vault({ index: 1 }, { principal: metis("25000") }),
      ];
      const due = { ...waitingFor(metis("5000")), l1: { ...since(now - 7n * day), vaults } };
      expect(decisionOf("beginExitForNeed", due)).to.deep.include({ isDue: true, subject: "1" });
      expect(waitOf("beginExitForNeed", { ...due, l1: { ...since(now - 7n * day + 1n), vaults } })).to.equal("until");
      const leaving = vault(
        { phase: "exiting" },
        { phase: "exiting", exitClaimableAt: now + day, principal: metis("5000") },
      );
      expect(waitOf("beginExitForNeed", { ...due, l1: { ...since(now - 7n * day), vaults: [leaving] } })).to.equal(
        "nothing",
      );
    });

    it("is signalled when recalling takes more than a day, and not twice", () => {
      expect(waitOf("signalNeed", waitingFor(metis("600")))).to.equal("nothing");
      expect(waitOf("signalNeed", waitingFor(metis("601")))).to.equal("due");
      const told = { number: 1n, target: metis("601"), signalledAt: now - day };
      const again = { l2: { ...waitingFor(metis("700")).l2, lastNeed: told } };
      expect(waitOf("signalNeed", again)).to.equal("nothing");
      expect(waitOf("signalNeed", { l2: { ...waitingFor(metis("1101")).l2, lastNeed: told } })).to.equal("due");
    });

    it("is signalled again when the last signal has not reached Ethereum in 10 days", () => {
      const told = { number: 1n, target: metis("700"), signalledAt: now - 10n * day };
      expect(waitOf("signalNeed", { l2: { ...waitingFor(metis("700")).l2, lastNeed: told } })).to.equal("due");
      const l1 = { need: { number: 1n, target: metis("700"), unreachedSince: 0n } };
      expect(waitOf("signalNeed", { l1, l2: { ...waitingFor(metis("700")).l2, lastNeed: told } })).to.equal("nothing");
    });

    it("is taken back when it keeps METIS from being locked that nobody waits for", () => {
      const idle = (assets: bigint) => ({ need, held: assets, totals: { ...quietL1().totals, idle: assets } });
      expect(waitOf("signalNeed", { l1: idle(metis("4000")) })).to.equal("due");
      expect(waitOf("signalNeed", { l1: idle(metis("10")) })).to.equal("worth");
      expect(waitOf("signalNeed", { l1: { need } })).to.equal("nothing");
    });
  });

  describe("deliver", () => {
    const deliveries = (disturbance: Parameters<typeof decisions>[0]) =>
      decisions(disturbance).flatMap(({ action, isDue, subject }) => (action === "deliver" && isDue ? [subject] : []));

    it("shows the newest report that Metis would take", () => {
      const messages = [3n, 5n, 7n].map((number) => reportMessage({ number }));
      expect(deliveries({ bridge: { messages } })).to.deep.equal(["7"]);
      const refused = [...messages, reportMessage({ number: 8n, refusal: "fromTheFuture" })];
      expect(deliveries({ bridge: { messages: refused } })).to.deep.equal(["7"]);
      expect(deliveries({ bridge: { messages: [reportMessage({ state: "unknown" })] } })).to.deep.equal([]);
    });

    it("shows deposits as far as the limit goes, in their order", () => {
      const messages = [6n, 7n].map((number) => depositMessage({ number }));
      expect(deliveries({ bridge: { messages } })).to.deep.equal(["6", "7"]);
      expect(deliveries({ bridge: { messages }, l2: { depositsAvailable: metis("100") } })).to.deep.equal(["6"]);
      const parts = decisions({ bridge: { messages }, l2: { depositsAvailable: metis("130") } });
      expect(parts.filter(({ isDue }) => isDue).map(({ value }) => value)).to.deep.equal([metis("100"), metis("30")]);
    });

    it("leaves deposits below par to their receivers", () => {
      const l2 = { redemptionRate: 10n ** 18n - 1n };
      const own = depositMessage({
        content: { type: "l1Deposit", receiver: keeperAddress, assets: metis("1"), isStaked: true },
      });
      expect(deliveries({ bridge: { messages: [depositMessage()] }, l2 })).to.deep.equal([]);
      expect(deliveries({ bridge: { messages: [own] }, l2 })).to.deep.equal(["6"]);
    });

    it("shows no deposit to a closed pool, and the report all the same", () => {
      const messages = [reportMessage(), depositMessage()];
      expect(deliveries({ bridge: { messages }, l2: { pausedUntil: now + 1n } })).to.deep.equal(["5"]);
      expect(deliveries({ bridge: { messages }, l2: { stoppedUntil: now + 1n } })).to.deep.equal(["5"]);
      const unbacked = { ...quietL2().solvency, unbackedL1Mints: 1n };
      expect(deliveries({ bridge: { messages }, l2: { solvency: unbacked } })).to.deep.equal(["5"]);
    });

    it("shows a deposit that is not worth it after a day", () => {
      const content = { type: "l1Deposit", receiver: keeperAddress, assets: 10n ** 13n, isStaked: false } as const;
      expect(deliveries({ bridge: { messages: [depositMessage({ content, sentAt: now - day + 1n })] } })).to.deep.equal(
        [],
      );
      expect(deliveries({ bridge: { messages: [depositMessage({ content, sentAt: now - day })] } })).to.deep.equal([
        "6",
      ]);
    });
  });

  describe("what the bridge lost", () => {
    it("replays at once what failed, and after 3 hours what did not arrive", () => {
      expect(waitOf("replay", { bridge: { crossings: [crossing()] } })).to.equal("due");
      const silent = (lastAttemptAt: bigint) => ({ bridge: { crossings: [crossing({ failures: 0, lastAttemptAt })] } });
      expect(waitOf("replay", silent(now - 3n * hour + 1n))).to.equal("until");
      expect(waitOf("replay", silent(now - 3n * hour))).to.equal("due");
    });

    it("replays nothing that the queue does not show: its address may be an old one", () => {
      const unseen = crossing({ attempts: 0, failures: 0, lastAttemptAt: 0n });
      expect(waitOf("replay", { bridge: { crossings: [unseen] } })).to.equal("blocked");
    });

    it("does not replay what was replayed and is on its way", () => {
      expect(waitOf("replay", { bridge: { crossings: [crossing({ attempts: 2, failures: 1 })] } })).to.equal("until");
    });

    it("gives a message twice the gas with each replay, up to 8 million", () => {
      const gasAt = (attempts: number) => {
        const decision = decisionOf("replay", { bridge: { crossings: [crossing({ attempts, failures: attempts })] } });
        return (
          decision.isDue &&
          BigInt(String(messengerContract.decodeFunctionData("replayMessageViaChainId", decision.call.data)[6]))
        );
      };
      expect([1, 2, 6].map(gasAt)).to.deep.equal([500_000n, 1_000_000n, 8_000_000n]);
    });

    it("sends the hash of a deposit anew after 12 hours instead of replaying it", () => {
      const lost = (sentAt: bigint) => ({
        bridge: {
          messages: [depositMessage({ state: "unknown", sentAt })],
          crossings: [crossing({ cargo: { type: "hash", number: 6n }, failures: 0, lastAttemptAt: sentAt })],
        },
      });
      expect([waitOf("replay", lost(now - 12n * hour)), waitOf("resend", lost(now - 12n * hour))]).to.deep.equal([
        "nothing",
        "due",
      ]);
      const early = lost(now - 12n * hour + 1n);
      expect([waitOf("replay", early), waitOf("resend", early)]).to.deep.equal(["due", "until"]);
    });
  });

  describe("the pool", () => {
    const buffer = (assets: bigint) => {
      const counters = { ...quietL2().solvency.counters, buffer: assets };
      return { counters };
    };

    it("sends up what is beyond queue and reserve, from 500 METIS on and once a day", () => {
      // 5 % of 31,000 are kept.
      const l2 = buffer(metis("2050"));
      expect(waitOf("rebalance", { l2 })).to.equal("due");
      expect(waitOf("rebalance", { l2: buffer(metis("2050") - 1n) })).to.equal("nothing");
      expect(waitOf("rebalance", { l2: { ...l2, lastSentAt: now - day + 1n } })).to.equal("until");
      expect(waitOf("rebalance", { l2: { ...l2, lastSentAt: now - day } })).to.equal("due");
    });

    it("lets the pool pay the bridge where it can, and pays itself where that earns it back", () => {
      const valueOf = (l2: object) => {
        const decision = decisionOf("rebalance", { l2: { ...buffer(metis("9000")), ...l2 } });
        return decision.isDue ? decision.call.value : decision.wait.type;
      };
      expect(valueOf({})).to.equal(0n);
      expect(valueOf({ unvested: 0n })).to.equal(metis("0.5"));
      expect(valueOf({ unvested: 0n, bridgeFee: metis("50") })).to.equal("worth");
    });

    it("pays the queue, with what has arrived where that is needed", () => {
      const ready = { pending: metis("100"), fundable: metis("100"), fundableLine: metis("100") };
      expect(waitOf("fundQueue", { l2: ready })).to.equal("due");
      const arriving = { ...ready, ...buffer(metis("60")), arrived: metis("40") };
      expect([waitOf("fundQueue", { l2: arriving }), waitOf("rebalance", { l2: arriving })]).to.deep.equal([
        "nothing",
        "due",
      ]);
      expect(waitOf("fundQueue", { l2: { pending: metis("100") } })).to.equal("nothing");
      expect(waitOf("fundQueue", { l2: { ...ready, pausedUntil: now + 1n } })).to.equal("until");
    });

    it("pays dust only to those who have waited a day", () => {
      const dust = { pending: 9n, fundable: 9n, fundableLine: 9n };
      expect(waitOf("fundQueue", { l2: { ...dust, oldestPendingAt: now - day + 1n } })).to.equal("worth");
      expect(waitOf("fundQueue", { l2: { ...dust, oldestPendingAt: now - day } })).to.equal("due");
    });

    it("books arrivals that are worth it, also while the pool is closed", () => {
      expect(waitOf("forwardArrivals", { l2: { arrived: metis("1") } })).to.equal("due");
      expect(waitOf("forwardArrivals", { l2: { arrived: 1n } })).to.equal("worth");
      expect(waitOf("forwardArrivals", { l2: { arrived: metis("1"), pausedUntil: now + 1n } })).to.equal("due");
    });

    it("skims what is worth it", () => {
      expect(waitOf("skim", { l2: { skimmable: metis("1") } })).to.equal("due");
      expect(waitOf("skim", { l2: { skimmable: 1n } })).to.equal("worth");
    });
  });
});
