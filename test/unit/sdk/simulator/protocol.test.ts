import { expect } from "chai";

import { emptyTally } from "../../../helpers/differential/l2Campaign";
import { runProtocol } from "../../../helpers/differential/protocolCampaign";

const STEPS_A_RUN = 500;
const firstSeed = Number(process.env.EMETIS_SEED ?? 1);
const runs = Math.ceil(Number(process.env.EMETIS_STEPS ?? 1_000) / STEPS_A_RUN);

describe("Simulator of the protocol", () => {
  const tally = emptyTally();
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    it(`agrees on both chains after every step, seed ${seed}`, async () => {
      await runProtocol(seed, STEPS_A_RUN, tally);
    }).timeout(0);
  }
  it("did every action", () => {
    console.log(tally);
    expect(tally.steps).to.equal(-1);
  });
});
