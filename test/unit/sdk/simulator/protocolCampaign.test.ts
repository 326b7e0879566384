import { expect } from "chai";

import { l1ActionTypes } from "../../../helpers/differential/l1Calls";
import { emptyTally } from "../../../helpers/differential/l2Campaign";
import { l2ActionTypes } from "../../../helpers/differential/l2Player";
import { runProtocol } from "../../../helpers/differential/protocolCampaign";

/** Set `EMETIS_SEED` and `EMETIS_STEPS` for another campaign, or a longer one. */
const firstSeed = Number(process.env.EMETIS_SEED ?? 1);
const steps = Number(process.env.EMETIS_STEPS ?? 2_500);
/** A world lives no longer than this, so that it stays quick. */
const longest = 625;
const seeds = Array.from({ length: Math.ceil(steps / longest) }, (_, index) => firstSeed + index);

/** What crosses, and what comes of it: the campaigns of each side take the rest. */
const required = [
  ...["ArrivalBooked", "ArrivalsAttributed", "ArrivalsForwarded", "L1DepositMinted", "LossSeen", "MessageArrived"],
  ...["MessageDelivered", "MessageHashSent", "MessageSent", "MetisSent", "NeedArrived", "NeedRaised", "NeedSignalled"],
  ...["QueueFunded", "RedemptionClaimed", "ReportApplied", "ReportIgnored", "RewardsMinted", "SentToL1", "SentToL2"],
];
const carried = ["arriveDown", "arriveUp", "loseDown"];
/** Ethereum's side takes these in its own campaigns; here exits are seldom ripe. */
const rare = ["finishExit", "beginExitForNeed"];

describe("the simulator of the protocol", () => {
  const tally = emptyTally();

  for (const [index, seed] of seeds.entries()) {
    it(`agrees with the contracts on both chains after every step, seed ${seed}`, async () => {
      await runProtocol(seed, Math.min(longest, steps - index * longest), tally);
    }).timeout(0);
  }

  it("took every action, every way over the bridge and every event of the list in these campaigns", () => {
    const actions = [
      ...l1ActionTypes.filter((type) => !rare.includes(type)).map((type) => `l1.${type}`),
      ...l2ActionTypes.filter((type) => type !== "hashArrival").map((type) => `l2.${type}`),
      ...carried,
    ];
    const missing = [
      ...actions.filter((type) => !tally.done.has(type)),
      ...required.filter((name) => !tally.events.has(name)),
    ];
    expect(missing, `missing in ${tally.steps} steps, ${tally.reverts} of which reverted`).to.deep.equal([]);
  });
});
