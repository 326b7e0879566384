import { expect } from "chai";

import {
  finalisable,
  payoutAt,
  redemptionRate,
  requestedUntilAt,
  withRate,
  withRequest,
  type RateCheckpoint,
} from "../../../../sdk/src/math/queue";
import { createRandom } from "../../../model/random";

const WAD = 10n ** 18n;

describe("queue", () => {
  it("pays parts that add up to the whole, whatever the rates", () => {
    const { checkpoints, end } = randomLine(7);
    const cuts = [0n, end / 7n, end / 3n, end / 2n, end];
    const parts = cuts.slice(1).map((cut, index) => payoutAt(checkpoints, cut) - payoutAt(checkpoints, cuts[index]!));
    expect(parts.reduce((sum, part) => sum + part, 0n)).to.equal(payoutAt(checkpoints, end));
  });

  it("finalises as far as the METIS goes and not a wei further", () => {
    const random = createRandom(13);
    for (let round = 0; round < 2_000; round++) {
      const { checkpoints, end } = randomLine(round);
      const rate = BigInt(1 + random.below(1_000)) * 10n ** 15n;
      const assets = BigInt(1 + random.below(5_000));
      const line = { finalisedUntil: end, limit: end + 10_000_000n, assets, rate };
      const { until, payout } = finalisable(checkpoints, line);
      const extended = withRate(checkpoints, end, rate);
      expect(payout).to.equal(payoutAt(extended, until) - payoutAt(extended, end));
      expect(payout <= assets && payoutAt(extended, until + 1n) - payoutAt(extended, end) > assets).to.equal(true);
    }
  });

  it("finalises all that was asked for in time when METIS abounds", () => {
    const line = { finalisedUntil: 10n, limit: 90n, assets: 1_000n, rate: WAD };
    expect(finalisable([], line)).to.deep.equal({ until: 90n, payout: 80n });
  });

  it("finalises nothing while eMetis is worth nothing, or said to be worth more than METIS", () => {
    const line = { finalisedUntil: 10n, limit: 90n, assets: 1_000n };
    const nothing = { until: 10n, payout: 0n };
    expect([0n, WAD + 1n].map((rate) => finalisable([], { ...line, rate }))).to.deep.equal([nothing, nothing]);
  });

  it("gives away no part of the line that METIS pays nothing for, unless it is all that is left", () => {
    const line = { finalisedUntil: 10n, assets: 0n, rate: WAD / 5n };
    expect([14n, 15n].map((limit) => finalisable([], { ...line, limit }))).to.deep.equal([
      { until: 14n, payout: 0n },
      { until: 10n, payout: 0n },
    ]);
  });

  it("never goes back when the limit does", () => {
    const line = { finalisedUntil: 50n, limit: 20n, assets: 9n, rate: WAD };
    expect(finalisable([], line)).to.deep.equal({ until: 50n, payout: 0n });
  });

  it("keeps one checkpoint while the rate stays", () => {
    const checkpoints = withRate([], 0n, WAD);
    expect(withRate(checkpoints, 100n, WAD)).to.equal(checkpoints);
  });

  it("counts what is asked for after the clock went back with what was asked for before", () => {
    const requests = withRequest(withRequest([], 100n, 5n), 40n, 8n);
    expect([requestedUntilAt(requests, 99n), requestedUntilAt(requests, 100n)]).to.deep.equal([0n, 8n]);
  });

  it("is worth one at most", () => {
    expect([redemptionRate(11n, 10n), redemptionRate(9n, 10n), redemptionRate(0n, 0n)]).to.deep.equal([
      WAD,
      9n * 10n ** 17n,
      WAD,
    ]);
  });
});

/** A line finalised in some stretches at odd rates. */
function randomLine(seed: number): { readonly checkpoints: readonly RateCheckpoint[]; readonly end: bigint } {
  const random = createRandom(seed);
  let checkpoints: readonly RateCheckpoint[] = [];
  let end = 0n;
  for (let stretch = 0; stretch < 4; stretch++) {
    checkpoints = withRate(checkpoints, end, WAD - BigInt(random.below(1_000_000)));
    end += BigInt(1 + random.below(1_000_000));
  }
  return { checkpoints, end };
}
