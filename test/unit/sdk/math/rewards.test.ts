import { expect } from "chai";

import { YEAR, addedLoss, bookLoss, recognisedProfit, splitProfit } from "../../../../sdk/src/math/rewards";

describe("rewards", () => {
  const limits = { totalSupply: 1_000_003n, maxRewardRateBps: 4_000n, elapsed: YEAR };

  it("recognises profit up to the rate for the time between the reports", () => {
    expect(recognisedProfit(400_001n, limits)).to.equal(400_001n);
    expect(recognisedProfit(400_002n, limits)).to.equal(400_001n);
    expect(recognisedProfit(400_002n, { ...limits, elapsed: 0n })).to.equal(0n);
  });

  it("recognises no loss as profit", () => {
    expect(recognisedProfit(-1n, limits)).to.equal(0n);
  });

  it("takes a fee only on what repairs nothing, and loses no wei", () => {
    const terms = { unrecoveredLoss: 40n, protocolFeeBps: 1_000n };
    expect(splitProfit(107n, terms)).to.deep.equal({ fee: 6n, reward: 101n, unrecoveredLoss: 0n });
    expect(splitProfit(31n, terms)).to.deep.equal({ fee: 0n, reward: 31n, unrecoveredLoss: 9n });
    expect(splitProfit(0n, terms)).to.deep.equal({ fee: 0n, reward: 0n, unrecoveredLoss: 40n });
  });

  it("adds to the loss only what the report took", () => {
    expect(addedLoss(110n, 90n, 100n)).to.equal(10n);
    expect(addedLoss(95n, 90n, 100n)).to.equal(5n);
    expect(addedLoss(90n, 95n, 100n)).to.equal(0n);
  });

  it("takes a loss from what has not vested, then from the stakers, then from all", () => {
    const stakers = { unvested: 30n, assets: 50n, unrecoveredLoss: 3n };
    const losses = [20n, 70n, 100n].map((loss) => bookLoss(loss, stakers));
    expect(losses).to.deep.equal([
      { fromUnvested: 20n, fromAssets: 0n, uncovered: 0n, unrecoveredLoss: 23n },
      { fromUnvested: 30n, fromAssets: 40n, uncovered: 0n, unrecoveredLoss: 73n },
      { fromUnvested: 30n, fromAssets: 50n, uncovered: 20n, unrecoveredLoss: 83n },
    ]);
  });
});
