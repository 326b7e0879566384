import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { sequencerKey } from "../../../../scripts/lib/localMetis";
import {
  type LockingPoolFixture,
  type LockingScene,
  type Position,
  Status,
  l2Gas,
  setScene,
} from "./lockingPoolFixture";
import { type Subject, standInsOnly } from "./subject";

/** Rewards and exits. */
export function describeExits(fixture: () => Promise<LockingPoolFixture>, subject: Subject): void {
  const itOnStandIns = standInsOnly(subject);
  let scene: LockingScene;
  let position: Position;

  beforeEach(async () => {
    scene = await setScene(await fixture());
    await scene.fillPool(4);
    position = await scene.lock(1);
  });

  const asOwner = () => scene.pool.connect(position.owner);
  const ethOf = async (address: string) => scene.l1.provider.getBalance(address);
  const unlockAndWait = async () => {
    await asOwner().unlock(position.id, l2Gas);
    await scene.l1.increaseTo(Number((await scene.sequencer(position.id)).unlockClaimTime));
  };

  describe("withdrawRewards", () => {
    it("bridges the whole reward to the recipient, for the chain of the escrow", async () => {
      const { bridge, info, metis, l1 } = scene;
      const reward = await scene.reward(position);
      const l1Bridge = await l1.attach("LocalL1StandardBridge", bridge);
      const [liquidated, l2Token] = await Promise.all([info.totalRewardsLiquidated(), info.l2Token()]);

      await expect(asOwner().withdrawRewards(position.id, l2Gas, { value: scene.fee }))
        .to.emit(info, "ClaimRewards")
        .withArgs(position.id, position.recipient, reward, reward + liquidated)
        .and.to.emit(l1Bridge, "ERC20DepositInitiated")
        .withArgs(metis, l2Token, info.target, position.recipient, reward, "0x")
        .and.to.emit(l1Bridge, "ERC20ChainID")
        .withArgs(scene.l2ChainId);

      expect((await scene.sequencer(position.id)).reward).to.equal(0n);
    });

    it("keeps the ETH for ever when the reward is 0, and says nothing", async () => {
      const before = await ethOf(scene.lockingPool);
      const receipt = await (await asOwner().withdrawRewards(position.id, l2Gas, { value: 11n })).wait();
      expect(receipt!.logs).to.have.length(0);
      expect(await ethOf(scene.lockingPool)).to.equal(before + 11n);
    });

    it("is for the owner of an active position", async () => {
      const other = await scene.operator(2);
      await expect(scene.pool.connect(other).withdrawRewards(position.id, l2Gas)).to.be.revertedWithCustomError(
        scene.pool,
        "NotSeqOwner",
      );
      await asOwner().unlock(position.id, l2Gas);
      await expect(asOwner().withdrawRewards(position.id, l2Gas)).to.be.revertedWithCustomError(
        scene.pool,
        "SeqNotActive",
      );
    });
  });

  describe("unlock", () => {
    it("makes the position inactive for the exit delay and keeps its amount", async () => {
      const { pool, info, l1 } = scene;
      const total = await info.totalLocked();
      await asOwner().unlock(position.id, l2Gas);

      const now = BigInt(await l1.now());
      const seq = await scene.sequencer(position.id);
      expect([seq.status, seq.amount, seq.deactivationBatch, seq.deactivationTime, seq.unlockClaimTime]).to.deep.equal([
        Status.Inactive,
        scene.stake,
        await pool.currentBatch(),
        now,
        now + (await pool.exitDelayPeriod()),
      ]);
      expect(await info.totalLocked()).to.equal(total);
    });

    it("bridges the reward of that moment, which is the amount in UnlockInit", async () => {
      const { info, bridge, metis, l1 } = scene;
      const reward = await scene.reward(position);
      const l1Bridge = await l1.attach("LocalL1StandardBridge", bridge);

      const transaction = asOwner().unlock(position.id, l2Gas, { value: scene.fee });
      await expect(transaction)
        .to.emit(l1Bridge, "ERC20DepositInitiated")
        .withArgs(metis, await info.l2Token(), info.target, position.recipient, reward, "0x");
      const { nonce, deactivationBatch, deactivationTime, unlockClaimTime } = await scene.sequencer(position.id);
      await expect(transaction)
        .to.emit(info, "UnlockInit")
        .withArgs(
          position.key.signer,
          position.id,
          nonce,
          deactivationBatch,
          deactivationTime,
          unlockClaimTime,
          reward,
        );
    });

    it("keeps the ETH for ever when the reward is 0", async () => {
      const before = await ethOf(scene.lockingInfo);
      await asOwner().unlock(position.id, l2Gas, { value: 11n });
      expect(await ethOf(scene.lockingInfo)).to.equal(before + 11n);
    });

    it("moves one position from active to inactive in the counts", async () => {
      const { pool } = scene;
      const [inactive, active] = [await pool.seqStatuses(Status.Inactive), await pool.seqStatuses(Status.Active)];
      await asOwner().unlock(position.id, l2Gas);
      expect(await pool.seqStatuses(Status.Inactive)).to.equal(inactive + 1n);
      expect(await pool.seqStatuses(Status.Active)).to.equal(active - 1n);
    });

    it("is irreversible and happens once", async () => {
      await asOwner().unlock(position.id, l2Gas);
      await expect(asOwner().unlock(position.id, l2Gas)).to.be.revertedWithCustomError(scene.pool, "SeqNotActive");
      await expect(asOwner().relock(position.id, 1n, false)).to.be.revertedWithCustomError(scene.pool, "SeqNotActive");
    });

    it("is for the owner", async () => {
      const other = await scene.operator(2);
      await expect(scene.pool.connect(other).unlock(position.id, l2Gas)).to.be.revertedWithCustomError(
        scene.pool,
        "NotSeqOwner",
      );
    });
  });

  describe("unlockClaim", () => {
    it("pays the principal on L1 in METIS, exactly when the delay is over", async () => {
      const { info, token, l1 } = scene;
      await asOwner().unlock(position.id, l2Gas);
      const { unlockClaimTime } = await scene.sequencer(position.id);
      const [paid, total] = [await token.balanceOf(position.owner), await info.totalLocked()];

      await l1.setNextBlockTimestamp(Number(unlockClaimTime) - 1);
      await expect(asOwner().unlockClaim(position.id, l2Gas)).to.be.revertedWith("Not allowed to cliam");
      await l1.setNextBlockTimestamp(Number(unlockClaimTime));
      await expect(asOwner().unlockClaim(position.id, l2Gas))
        .to.emit(info, "Unlocked")
        .withArgs(position.owner, position.id, scene.stake, total - scene.stake);

      expect(await token.balanceOf(position.owner)).to.equal(paid + scene.stake);
      expect(await info.totalLocked()).to.equal(total - scene.stake);
    });

    it("refuses a position that is not on its way out", async () => {
      await expect(asOwner().unlockClaim(position.id, l2Gas)).to.be.revertedWith("Not allowed to cliam");
      await unlockAndWait();
      await asOwner().unlockClaim(position.id, l2Gas);
      await expect(asOwner().unlockClaim(position.id, l2Gas)).to.be.revertedWith("Not allowed to cliam");
    });

    it("bridges a reward that came after unlock, and only this way it is paid", async () => {
      const { info, bridge, metis, l1 } = scene;
      await asOwner().unlock(position.id, l2Gas);
      const late = await scene.reward(position);
      expect((await scene.sequencer(position.id)).reward).to.equal(late);
      await l1.increaseTo(Number((await scene.sequencer(position.id)).unlockClaimTime));

      await expect(asOwner().unlockClaim(position.id, l2Gas, { value: scene.fee }))
        .to.emit(await l1.attach("LocalL1StandardBridge", bridge), "ERC20DepositInitiated")
        .withArgs(metis, await info.l2Token(), info.target, position.recipient, late, "0x");
      expect((await scene.sequencer(position.id)).reward).to.equal(0n);
    });

    it("keeps the ETH for ever when no reward came after unlock", async () => {
      await unlockAndWait();
      const before = await ethOf(scene.lockingInfo);
      await asOwner().unlockClaim(position.id, l2Gas, { value: 11n });
      expect(await ethOf(scene.lockingInfo)).to.equal(before + 11n);
    });

    it("frees the owner to lock again, with a new signer only", async () => {
      const { pool } = scene;
      await unlockAndWait();
      await asOwner().unlockClaim(position.id, l2Gas);

      expect(await pool.seqOwners(position.owner)).to.equal(0n);
      expect((await scene.sequencer(position.id)).status).to.equal(Status.Unlocked);
      expect(await pool.seqSigners(position.key.signer)).to.equal(MaxUint256);
      await expect(
        asOwner().lockWithRewardRecipient(position.key.signer, position.recipient, scene.stake, position.key.pubkey),
      ).to.be.revertedWithCustomError(pool, "SignerExisted");
      expect((await scene.lock(1)).owner).to.equal(position.owner);
    });

    it("is for the owner, who still owns what is on its way out", async () => {
      await unlockAndWait();
      const other = await scene.operator(2);
      await expect(scene.pool.connect(other).unlockClaim(position.id, l2Gas)).to.be.revertedWithCustomError(
        scene.pool,
        "NotSeqOwner",
      );
    });
  });

  describe("forceUnlock", () => {
    itOnStandIns(
      "starts the exit without the owner, even while paused, and pays the reward to the recipient",
      async () => {
        const { asOwner: asMetis, bridge, info, metis, l1 } = scene;
        const reward = await scene.reward(position);
        await asMetis.setPause(true);
        await expect(asMetis.forceUnlock(position.id, l2Gas))
          .to.emit(await l1.attach("LocalL1StandardBridge", bridge), "ERC20DepositInitiated")
          .withArgs(metis, await info.l2Token(), info.target, position.recipient, reward, "0x");
        expect((await scene.sequencer(position.id)).status).to.equal(Status.Inactive);
      },
    );

    itOnStandIns("is for the owner of the pool, and for active positions", async () => {
      await expect(asOwner().forceUnlock(position.id, l2Gas)).to.be.revertedWith("Ownable: caller is not the owner");
      await scene.asOwner.forceUnlock(position.id, l2Gas);
      await expect(scene.asOwner.forceUnlock(position.id, l2Gas)).to.be.revertedWithCustomError(
        scene.pool,
        "SeqNotActive",
      );
    });

    itOnStandIns("needs a recipient of the rewards, as every exit", async () => {
      const { pool, asOwner: asMetis } = scene;
      const owner = await scene.operator(3);
      const key = sequencerKey("conformance no recipient");
      await pool.connect(owner).lockWithRewardRecipient(key.signer, ZeroAddress, scene.stake, key.pubkey);
      const id = await pool.seqOwners(owner);
      await expect(asMetis.forceUnlock(id, l2Gas)).to.be.revertedWithCustomError(pool, "NoRewardRecipient");
    });
  });
}
