import { expect } from "chai";

import { readBridgeFees } from "../../../../sdk/src/actions/readBridgeFees";
import { livingProtocol } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";

describe("readBridgeFees", function () {
  it("reads what each chain's bridge takes", async function () {
    const world = await livingProtocol();
    const { l1Gateway } = world.protocol.l1;
    const oracle = await world.l2.attach("LocalGasPriceOracle", "0x420000000000000000000000000000000000000F");
    await oracle.connect(await world.l2.impersonate(await oracle.owner())).setMinErc20BridgeCost(987_654_321n);
    expect(await readBridgeFees(sdkContext(world))).to.deep.equal({
      l1Message: await l1Gateway.messageFee(),
      l1Metis: await l1Gateway.metisFee(),
      l2Withdrawal: 987_654_321n,
    });
    expect(await l1Gateway.messageFee()).not.to.equal(await l1Gateway.metisFee());
  });
});
