import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import { roles } from "../../../scripts/config/roles";
import { createFixture } from "../../helpers/chains";
import {
  DAY,
  books,
  deployLockManager,
  lockAll,
  messageFee,
  metisFee,
  minLock,
  reward,
  soundBooks,
} from "../../helpers/lockManager";

/** Every call that moves METIS or books it. */
const calls = {
  allocate: [],
  beginExit: [1],
  beginExitForNeed: [1],
  deposit: [parseEther("1"), "0x00000000000000000000000000000000000000aa", false],
  expelDonation: [1],
  finishExit: [1],
  harvest: [],
  payCommission: [1],
  recall: [1],
  recallForNeed: [],
  refreshRewardRecipient: [1],
  report: [],
  resend: [1],
  sweepVault: [1],
  sync: [],
} as const;

describe("LockManager, called back by Metis's sequencer in the middle of a call", () => {
  const fixture = createFixture(async (chains) => {
    const world = await deployLockManager(chains);
    const { l1, access, metis, l2ChainId } = world;
    await lockAll(world, 3n * minLock + 5n);
    await reward(world, [1_001n, 2_003n, 3_007n]);
    await world.asGovernance.beginExit(0, { value: metisFee });
    await l1.increase(21 * DAY);
    await reward(world, [7n]);

    const sequencer = await l1.deploy("TestAccount", []);
    const addresses = await l1.attach("LocalAddressManager", metis.addressManager);
    await addresses.setAddress(`${l2ChainId}_MVM_Sequencer`, sequencer);
    await access.grantRole(roles.keeper.id, sequencer, 0n);
    await access.grantRole(roles.governance.id, sequencer, 0n);
    return { ...world, sequencer };
  });

  for (const [name, parameters] of Object.entries(calls)) {
    it(`refuses ${name}`, async () => {
      const world = await fixture();
      const { manager, sequencer } = world;
      const data = manager.interface.encodeFunctionData(name as "resend", parameters as unknown as [number]);
      await sequencer.callWhenPaid(manager, data);
      await manager.report({ value: messageFee });
      expect(await sequencer.isAnswered()).to.equal(false);
      expect(await sequencer.answer()).to.equal(manager.interface.getError("ReentrancyGuardReentrantCall")!.selector);
      expect(await books(world)).to.deep.equal(soundBooks);
    });
  }

  it("lets nobody take the principal for a surplus while it is between a vault and here", async () => {
    const world = await fixture();
    const { manager, sequencer } = world;
    const { principal } = await manager.vaultAt(0);
    const idle = await manager.idle();
    await sequencer.callWhenPaid(manager, manager.interface.encodeFunctionData("sweepVault", [0]));
    const transaction = manager.finishExit(0, { value: metisFee });
    await expect(transaction).not.to.emit(manager, "SurplusBooked");
    expect(await sequencer.callee()).to.equal(ZeroAddress);
    expect(await manager.idle()).to.equal(idle + principal);
    expect(await books(world)).to.deep.equal(soundBooks);
  });
});

describe("LockManager, called back by whom it gives ETH back", () => {
  const fixture = createFixture((chains) => deployLockManager(chains));

  it("has done everything by then", async () => {
    const world = await fixture();
    const { manager, l1, carol } = world;
    const caller = await l1.deploy("TestAccount", []);
    await caller.callWhenPaid(manager, manager.interface.encodeFunctionData("sync"));
    const data = manager.interface.encodeFunctionData("report");
    await caller.connect(carol).execute(manager, data, { value: messageFee + 9n });
    expect(await caller.isAnswered()).to.equal(false);
    expect(await manager.lastMessage()).to.equal(1n);
    expect(await l1.provider.getBalance(caller)).to.equal(9n);
  });

  it("says who refused it", async () => {
    const { manager, l1, carol } = await fixture();
    const caller = await l1.deploy("TestAccount", []);
    await caller.refuse();
    const data = manager.interface.encodeFunctionData("harvest");
    await expect(caller.connect(carol).execute(manager, data, { value: 9n }))
      .to.be.revertedWithCustomError(manager, "LockManager__RefundFailed")
      .withArgs(await caller.getAddress(), 9n);
  });
});
