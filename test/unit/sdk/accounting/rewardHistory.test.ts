import { expect } from "chai";

import { residualOf } from "../../../../sdk/src/accounting/rows";
import { rewardHistory } from "../../../../sdk/src/accounting/rewardHistory";
import { livingProtocol } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";

describe("rewardHistory", function () {
  it("closes with what the chain says", async function () {
    const world = await livingProtocol();
    const context = sdkContext(world);
    const { alice } = world.people;
    const history = await rewardHistory(context, {
      account: context.deployment.l2.eMetis && (alice.address as `0x${string}`),
    });
    expect(residualOf(history.total)).to.equal(0n);
    const shares = await world.protocol.l2.seMetis.balanceOf(alice.address);
    expect(history.closing.total).to.equal(await world.protocol.l2.seMetis.convertToAssets(shares));
  });
});
