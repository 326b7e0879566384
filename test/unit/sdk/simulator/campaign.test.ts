import { expect } from "chai";

import { emptyTally, runL2 } from "../../../helpers/differential/l2Campaign";
import { l2ActionTypes } from "../../../helpers/differential/l2Player";

const STEPS_A_RUN = 500;
const firstSeed = Number(process.env.EMETIS_SEED ?? 1);
/** All steps of one campaign. */
const runs = Math.ceil(Number(process.env.EMETIS_STEPS ?? 1_000) / STEPS_A_RUN);

describe("Simulator against the contracts", () => {
  const tally = emptyTally();
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    it(`agrees on Metis after every step, seed ${seed}`, async () => {
      await runL2(seed, STEPS_A_RUN, tally);
    }).timeout(0);
  }
  it("did every action", () => {
    console.log(tally);
    expect([...tally.done.keys()]).to.include.members(l2ActionTypes);
  });
});
