import { expect } from "chai";

import { governanceDoes, messagesOn, notesOn, verifiedProtocol } from "../../../helpers/verification";

describe("Upgrades that a verification tells of", () => {
  it("are none right after the deployment", async () => {
    const world = await verifiedProtocol();
    expect([await notesOn("l1", world), await notesOn("l2", world)]).to.deep.equal([[], []]);
  });

  it("are all but that of the constructor, though nothing differs any more", async () => {
    const world = await verifiedProtocol();
    const { stakingPool } = world.protocol.l2;
    const { address, implementation } = world.truth.records.StakingPool;
    const data = stakingPool.interface.encodeFunctionData("upgradeToAndCall", [implementation!, "0x"]);
    await governanceDoes(world, "l2", address, data);
    const block = await world.l2.provider.getBlockNumber();
    expect(await messagesOn("l2", world)).to.deep.equal([]);
    expect(await notesOn("l2", world)).to.deep.equal([
      `l2 StakingPool: upgraded to ${implementation!} in block ${block}: what code before or after it left behind is not compared`,
    ]);
  });
});
