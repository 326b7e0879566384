import { expect } from "chai";

import { createFixture } from "../../../helpers/chains";
import { type Coverage, runL1Campaign } from "../../../helpers/differential/l1Campaign";
import { drawers } from "../../../helpers/differential/l1Steps";
import { deployCampaign } from "../../../helpers/differential/l1World";

/** Set `EMETIS_SEED` and `EMETIS_STEPS` for another campaign, or a longer one. */
const seed = Number(process.env.EMETIS_SEED ?? 20_261_122);
const steps = Number(process.env.EMETIS_STEPS ?? 3_000);
/** One world lives no longer than this, so that its clock stays within 32 bits. */
const longest = 5_000;

/** What a campaign of any seed must have come to. */
const required = [
  ...["AccessManagedUnauthorized", "ERC20InsufficientAllowance", "ERC20InsufficientBalance", "Error", "NoSuchSeq"],
  ...["LockManager__BelowMinimum", "LockManager__ExitNotNeeded", "LockManager__ExitNotOver", "LockManager__FeeTooLow"],
  ...["LockManager__LossSeen", "LockManager__NotTighter", "LockManager__NothingOwed", "LockManager__OutOfBounds"],
  ...["LockManager__Paused", "LockManager__RecallLimited", "LockManager__StillOwed", "LockManager__UnknownMessage"],
  ...["LockManager__UnknownVault", "LockManager__WrongPhase", "LockManager__ZeroAddress", "SeqNotActive"],
  ...["LockManager__NothingToRecall", "LockManager__ZeroPubkey", "PauseClock__NotPaused", "PauseClock__TooSoon"],
  ...["SafeCastOverflowedUintDowncast", "NotWhitelisted", "Panic"],
  ...["ArrivalBooked", "CommissionBooked", "CommissionPaid", "Deposited", "ExitBegun", "ExitFinished", "Harvested"],
  ...["Locked", "LossSeen", "MessageHashSent", "MessageSent", "MetisSent", "NeedArrived", "NeedRaised", "SentToL2"],
  ...["NeedUnreachedSinceSet", "ParametersSet", "PausedUntilSet", "SurplusBooked", "VaultConfigured", "VaultSkipped"],
  ...["VaultUnreadable", "VaultUpdated", "Withdrawn"],
];

describe("the simulator of Ethereum's side", function () {
  this.timeout(Math.max(180_000, steps * 200));
  const coverage: Coverage = new Map();

  for (const [variant, vaults, share] of [
    ["sepolia", 3, 50],
    ["mainnet", 4, 30],
    ["mainnet", 2, 20],
  ] as const) {
    const fixture = createFixture((chains) => deployCampaign(chains, { variant, vaults }));

    it(`does what the contracts do with ${vaults} vaults in the pool of ${variant}`, async () => {
      let left = Math.ceil((steps * share) / 100);
      for (let round = 0; left > 0; round++) {
        await runL1Campaign(await fixture(), { seed: seed + round, steps: Math.min(left, longest), coverage });
        left -= longest;
      }
    });
  }

  it("took every action, every revert of the list and every event in these campaigns", () => {
    const done = Object.keys(drawers).map((name) => `${name} done`);
    expect([...done, ...required].filter((what) => !coverage.has(what))).to.deep.equal([]);
  });
});
