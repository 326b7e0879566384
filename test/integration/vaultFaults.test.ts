import { expect } from "chai";
import { parseEther } from "ethers";

import { claim, openBatch, rebalance, requestRedeem, rewardBatch } from "../../scripts/lib/demo/actions";
import { advance, generousEth } from "../../scripts/lib/demo/world";
import { day, hour } from "../../scripts/lib/localClock";
import type { ContractOf } from "../helpers/chains";
import {
  type ProtocolWorld,
  arriveDown,
  backing,
  expectConserved,
  expectTrueLedger,
  finaliseQueue,
  forceUnlock,
  hidePosition,
  livingProtocol,
  report,
  takeReport,
} from "../helpers/protocol";

const active = 1n;
const exiting = 2n;

describe("One vault in trouble (B2, B3, B4)", () => {
  let world: ProtocolWorld;
  let lockManager: ContractOf<"LockManager">;
  let stakingPool: ContractOf<"StakingPool">;

  beforeEach(async () => {
    world = await livingProtocol();
    lockManager = world.protocol.l1.lockManager.connect(world.people.stranger.l1);
    ({ stakingPool } = world.protocol.l2);
  });

  const vault = async (index: bigint) => {
    const { principal, reward, phase } = await lockManager.vaultAt(index);
    return { principal, reward, phase };
  };

  const keepersRecall = async (assets: bigint) => {
    await openBatch(world);
    await lockManager.connect(world.people.keeper.l1).recall(assets, { value: generousEth });
  };

  describe("taken off Metis's whitelist", () => {
    beforeEach(async () => {
      const { lockingPool } = world.protocol.l1;
      await lockingPool.setWhitelist(world.protocol.sequencers[0]!.vault, false);
    });

    it("lets the other compound", async () => {
      const [first, second] = [await vault(0n), await vault(1n)];
      await lockManager.harvest();
      expect(await vault(0n)).to.deep.equal(first);
      expect(await vault(1n)).to.deep.equal({
        principal: second.principal + second.reward,
        reward: 0n,
        phase: active,
      });
    });

    it("says which vault was skipped, and why", async () => {
      const { lockingPool } = world.protocol.l1;
      const compound = world.protocol.l1.vaults[0]!.interface.getFunction("compound").selector;
      const reason = lockingPool.interface.getError("NotWhitelisted")!.selector;
      await expect(lockManager.harvest()).to.emit(lockManager, "VaultSkipped").withArgs(0n, compound, reason);
    });

    it("leaves the recall to the other", async () => {
      const [first, second, idle] = [await vault(0n), await vault(1n), await lockManager.idle()];
      const assets = parseEther("1200.000000000000000012");
      await keepersRecall(assets);
      expect((await vault(0n)).principal).to.equal(first.principal);
      expect((await vault(1n)).principal).to.equal(second.principal - (assets - idle));
    });

    it("counts in the report", async () => {
      await rewardBatch(world, [101n, 103n]);
      await report(world);
      await expectTrueLedger(world);
    });
  });

  describe("in a LockingPool that is paused", () => {
    beforeEach(async () => {
      await world.protocol.l1.lockingPool.setPause(true);
    });

    it("does not stop the report", async () => {
      await rewardBatch(world, [101n, 103n]);
      await report(world);
      await expectTrueLedger(world);
    });

    it("makes the cranks do nothing", async () => {
      const before = [await vault(0n), await vault(1n), await lockManager.idle()];
      await lockManager.allocate();
      await lockManager.harvest({ value: generousEth });
      expect([await vault(0n), await vault(1n), await lockManager.idle()]).to.deep.equal(before);
    });
  });

  describe("that cannot be read", () => {
    let show: () => Promise<void>;

    beforeEach(async () => {
      show = await hidePosition(world, 0n);
    });

    it("is reported with its last amounts, and readAt stays where all were read", async () => {
      await report(world);
      const { reportReadAt, totalAssets } = await stakingPool.solvency();
      await advance(world, day);
      await report(world);
      const after = await stakingPool.solvency();
      expect([after.reportReadAt, after.totalAssets]).to.deep.equal([reportReadAt, totalAssets]);
      expect(after.reportTakenAt).to.be.greaterThan(reportReadAt);
    });

    it("lets the other compound, and be recalled from", async () => {
      const [second, idle] = [await vault(1n), await lockManager.idle()];
      await lockManager.harvest();
      await keepersRecall(parseEther("900"));
      const wanted = parseEther("900") + (await lockManager.owed());
      expect((await vault(1n)).principal).to.equal(second.principal + second.reward - (wanted - idle));
    });

    it("finalises nothing that was asked for since it was last read", async () => {
      const id = await requestRedeem(world, world.people.bob, parseEther("100"));
      await finaliseQueue(world);
      expect((await world.protocol.l2.redemptionQueue.ticket(id)).claimable).to.equal(0n);
    });

    it("still lets tickets through by age, after 7 days", async () => {
      const id = await requestRedeem(world, world.people.bob, parseEther("100"));
      await advance(world, 7 * day + 2 * hour);
      await report(world);
      await rebalance(world, world.people.stranger);
      expect(await claim(world, world.people.stranger, id)).to.equal(parseEther("100"));
    });

    it("counts all that it earned once it can be read again", async () => {
      await report(world);
      await show();
      await rewardBatch(world, [211n, 223n]);
      await report(world);
      await expectTrueLedger(world);
    });

    it("takes no part in the proof that METIS was not in transit", async () => {
      for (let reports = 0; reports < 3; reports++) {
        await advance(world, 4 * day);
        await report(world);
      }
      const { attributedDown } = await stakingPool.solvency();
      await show();
      await report(world);
      expect(attributedDown).to.equal(0n);
      await expectTrueLedger(world);
    });
  });

  describe("forced out by Metis", () => {
    /** Ends the exit, then waits until whatever came unannounced is judged. */
    const finish = async () => {
      await advance(world, 21 * day);
      await lockManager.finishExit(0n, { value: generousEth });
      await world.protocol.l2.l2Gateway.forwardArrivals();
      for (let reports = 0; reports < 3; reports++) {
        await report(world);
        await advance(world, 4 * day);
      }
      await arriveDown(world);
      await world.protocol.l2.l2Gateway.forwardArrivals();
      await report(world);
    };

    const moments: Readonly<Record<string, () => Promise<void>>> = {
      "with nothing new": async () => {
        await forceUnlock(world, 0n);
      },
      "with a reward that no report has seen": async () => {
        await rewardBatch(world, [401n, 409n]);
        await forceUnlock(world, 0n);
      },
      "between a sync and its report": async () => {
        await rewardBatch(world, [401n, 409n]);
        await lockManager.sync();
        await rewardBatch(world, [31n, 37n]);
        await forceUnlock(world, 0n);
      },
      "just after a harvest": async () => {
        await lockManager.harvest();
        await forceUnlock(world, 0n);
      },
      "while a recall is on its way": async () => {
        await keepersRecall(parseEther("1111.1"));
        await forceUnlock(world, 0n);
      },
      "while a report taken before is on its way": async () => {
        await rewardBatch(world, [401n, 409n]);
        await takeReport(world);
        await forceUnlock(world, 0n);
        await takeReport(world);
      },
    };

    for (const [name, force] of Object.entries(moments)) {
      it(`keeps counting its principal, and gets it back, ${name}`, async () => {
        await force();
        await report(world);
        const { principal, phase } = await vault(0n);
        const unannounced = (await backing(world)) - (await stakingPool.totalAssets());
        await finish();
        expect([phase, unannounced >= 0n]).to.deep.equal([exiting, true]);
        expect(await lockManager.idle()).to.be.greaterThanOrEqual(principal);
        await expectTrueLedger(world);
      });
    }

    it("counts rewards credited between exit and claim", async () => {
      await forceUnlock(world, 0n);
      await report(world);
      await rewardBatch(world, [601n, 607n]);
      await report(world);
      await expectTrueLedger(world);
      await finish();
      await expectTrueLedger(world);
    });

    it("does not end before its time", async () => {
      await forceUnlock(world, 0n);
      await lockManager.sync();
      const { sequencerId } = await lockManager.vaultAt(0n);
      const { unlockClaimTime } = await world.protocol.l1.lockingPool.sequencers(sequencerId);
      await expect(lockManager.finishExit(0n, { value: generousEth }))
        .to.be.revertedWithCustomError(lockManager, "LockManager__ExitNotOver")
        .withArgs(0n, unlockClaimTime);
    });

    it("lets the other go on, and compound", async () => {
      await forceUnlock(world, 0n);
      const { principal, reward } = await vault(1n);
      await lockManager.harvest({ value: generousEth });
      expect((await vault(1n)).principal).to.equal(principal + reward);
      await expectConserved(world);
    });
  });
});
