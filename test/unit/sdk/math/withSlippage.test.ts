import { expect } from "chai";

import { AmountError } from "../../../../sdk/src/errors";
import { withSlippage } from "../../../../sdk/src/math/withSlippage";
import { failureOf } from "../../../helpers/sdk/calls";

describe("withSlippage", function () {
  it("rounds the bound up, so that it is never looser than asked for", () => {
    expect([1_000n, 1_001n, 1n, 0n].map((amount) => withSlippage(amount, 10n))).to.deep.equal([999n, 1_000n, 1n, 0n]);
  });

  it("gives no slippage for 0 basis points", () => {
    expect(withSlippage(12_345n, 0n)).to.equal(12_345n);
  });

  for (const bps of [-1n, 10_000n]) {
    it(`refuses ${bps} basis points`, async () => {
      const failure = await failureOf(() => withSlippage(1n, bps));
      expect(failure).to.be.instanceOf(AmountError).and.to.include({ parameter: "slippageBps", amount: bps });
    });
  }
});
