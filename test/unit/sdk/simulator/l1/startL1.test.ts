import { expect } from "chai";

import { lockManagerParameters } from "../../../../../scripts/config/parameters";
import { startL1 } from "../../../../../sdk/src/simulator/l1/startL1";
import { createFixture } from "../../../../helpers/chains";
import { readL1State } from "../../../../helpers/differential/l1Reader";
import { deployLockManager } from "../../../../helpers/lockManager";

describe("startL1", function () {
  const deployed = createFixture(async (chains) => {
    const world = await deployLockManager(chains, { variant: "sepolia", vaults: 2, strangers: 2 });
    const vaultAddresses = world.vaults.map(({ address }) => address);
    return { ...world, variant: "sepolia" as const, users: [], vaultAddresses, holders: [], strangers: [] };
  });

  it("is LockManager as it is after its deployment", async function () {
    const world = await deployed();
    const found = await readL1State(world, { signers: [], positions: 2, lastMessage: 1n });
    const { network, powers, metis, pool, bridge, manager } = found;
    const started = startL1({
      ...{ network, powers, metis, pool, prices: bridge },
      time: manager.readAt,
      parameters: lockManagerParameters,
      books: manager.books,
    });
    expect(started.manager).to.deep.equal(manager);
    expect(manager.readAt).to.be.above(0n);
    expect(manager.books).to.have.length(2);
  });
});
