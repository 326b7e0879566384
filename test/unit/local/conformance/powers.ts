import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { sequencerKey } from "../../../../scripts/lib/localMetis";
import { type LockingPoolFixture, type LockingScene, Status, l2Gas, setScene } from "./lockingPoolFixture";
import { type Subject, standInsOnly } from "./subject";

/** Owners, signers, recipients, batches and the whitelist. */
export function describePowers(fixture: () => Promise<LockingPoolFixture>, subject: Subject): void {
  const itOnStandIns = standInsOnly(subject);
  let scene: LockingScene;

  beforeEach(async () => {
    scene = await setScene(await fixture());
  });

  describe("setSequencerRewardRecipient", () => {
    itOnStandIns("works while paused, for the owner of an active position", async () => {
      const { pool, asOwner, l1 } = scene;
      const { id, owner } = await scene.lock(1);
      await asOwner.setPause(true);
      await expect(pool.connect(owner).setSequencerRewardRecipient(id, l1.signers[5]!))
        .to.emit(pool, "SequencerRewardRecipientChanged")
        .withArgs(id, l1.signers[5]!.address);
      expect((await scene.sequencer(id)).rewardRecipient).to.equal(l1.signers[5]!.address);
    });

    itOnStandIns("refuses the zero address, strangers and positions on their way out", async () => {
      const { pool, asOwner } = scene;
      const { id, owner } = await scene.lock(1);
      const other = await scene.operator(2);
      const asPosition = pool.connect(owner);
      await expect(asPosition.setSequencerRewardRecipient(id, ZeroAddress)).to.be.revertedWithCustomError(
        pool,
        "NullAddress",
      );
      await expect(pool.connect(other).setSequencerRewardRecipient(id, other)).to.be.revertedWithCustomError(
        pool,
        "NotSeqOwner",
      );
      await asOwner.forceUnlock(id, l2Gas);
      await expect(asPosition.setSequencerRewardRecipient(id, other)).to.be.revertedWithCustomError(
        pool,
        "SeqNotActive",
      );
    });
  });

  describe("setSequencerOwner", () => {
    itOnStandIns("moves the whole position, while paused too, to anybody", async () => {
      const { pool, asOwner, l1 } = scene;
      const { id, owner } = await scene.lock(1);
      await asOwner.setPause(true);
      await expect(pool.connect(owner).setSequencerOwner(id, l1.signers[5]!))
        .to.emit(pool, "SequencerOwnerChanged")
        .withArgs(id, l1.signers[5]!.address);
      expect(await pool.seqOwners(owner)).to.equal(0n);
      expect(await pool.seqOwners(l1.signers[5]!)).to.equal(id);
      expect((await scene.sequencer(id)).owner).to.equal(l1.signers[5]!.address);
    });

    it("blocks the first lock of whoever is given a position", async () => {
      const { pool } = scene;
      const { id, owner } = await scene.lock(1);
      const victim = await scene.operator(2);
      const key = sequencerKey("conformance victim");
      await pool.connect(owner).setSequencerOwner(id, victim);
      await expect(
        pool.connect(victim).lockWithRewardRecipient(key.signer, victim, scene.stake, key.pubkey),
      ).to.be.revertedWithCustomError(pool, "OwnedSequencer");
    });

    itOnStandIns("refuses the zero address, strangers and positions on their way out", async () => {
      const { pool, asOwner } = scene;
      const { id, owner } = await scene.lock(1);
      const other = await scene.operator(2);
      await expect(pool.connect(owner).setSequencerOwner(id, ZeroAddress)).to.be.revertedWithCustomError(
        pool,
        "NullAddress",
      );
      await expect(pool.connect(other).setSequencerOwner(id, other)).to.be.revertedWithCustomError(pool, "NotSeqOwner");
      await asOwner.forceUnlock(id, l2Gas);
      await expect(pool.connect(owner).setSequencerOwner(id, other)).to.be.revertedWithCustomError(
        pool,
        "SeqNotActive",
      );
    });
  });

  describe("updateSigner", () => {
    it("is for the signer alone, who need not be whitelisted, and burns the old key for ever", async () => {
      const { pool, info, l1 } = scene;
      const { id, owner, key } = await scene.lock(1);
      const fresh = sequencerKey("conformance rotated");
      await scene.nextBatch();
      await expect(pool.connect(owner).updateSigner(id, fresh.pubkey)).to.be.revertedWithCustomError(
        pool,
        "NotSeqSigner",
      );

      await expect(pool.connect(await l1.impersonate(key.signer)).updateSigner(id, fresh.pubkey))
        .to.emit(info, "SignerChange")
        .withArgs(id, 2n, key.signer, fresh.signer, fresh.pubkey);

      expect(await pool.seqSigners(key.signer)).to.equal(MaxUint256);
      expect(await pool.seqSigners(fresh.signer)).to.equal(id);
      const { signer, pubkey, updatedBatch } = await scene.sequencer(id);
      expect([signer, pubkey, updatedBatch]).to.deep.equal([fresh.signer, fresh.pubkey, await pool.currentBatch()]);
    });

    it("is throttled by batches", async () => {
      const { pool, l1 } = scene;
      const { id, key } = await scene.lock(1);
      await expect(
        pool.connect(await l1.impersonate(key.signer)).updateSigner(id, sequencerKey("conformance fresh").pubkey),
      ).to.be.revertedWith("signer updating throttle");
    });

    it("refuses a key that was used before", async () => {
      const { pool, l1 } = scene;
      const { id, key } = await scene.lock(1);
      const { key: taken } = await scene.lock(2);
      await scene.nextBatch();
      await expect(
        pool.connect(await l1.impersonate(key.signer)).updateSigner(id, taken.pubkey),
      ).to.be.revertedWithCustomError(pool, "SignerExisted");
    });
  });

  describe("batchSubmitRewards", () => {
    it("credits blocks times the reward of a block, with METIS of the payer, and opens the next batch", async () => {
      const { pool, info, token } = scene;
      const [first, second] = [await scene.lock(1), await scene.lock(2)];
      const [batch, held, perBlock] = [
        await pool.currentBatch(),
        await token.balanceOf(info),
        await pool.rewardPerBlock(),
      ];

      await scene.payRewards([first.key.signer, second.key.signer], [3n, 4n]);

      expect((await scene.sequencer(first.id)).reward).to.equal(3n * perBlock);
      expect((await scene.sequencer(second.id)).reward).to.equal(4n * perBlock);
      expect(await pool.currentBatch()).to.equal(batch + 1n);
      expect(await token.balanceOf(info)).to.equal(held + 7n * perBlock);
    });

    itOnStandIns("credits inactive positions too, and goes on while paused", async () => {
      const { asOwner } = scene;
      const position = await scene.lock(1);
      await asOwner.forceUnlock(position.id, l2Gas);
      await asOwner.setPause(true);
      const reward = await scene.reward(position);
      expect((await scene.sequencer(position.id)).reward).to.equal(reward);
    });

    it("is for the mpc", async () => {
      const { pool, l1 } = scene;
      await expect(
        pool.connect(l1.signers[5]).batchSubmitRewards((await pool.currentBatch()) + 1n, 1, 2, [l1.signers[5]!], [1]),
      ).to.be.revertedWith("not MPC");
    });

    it("reverts as a whole for a signer without a position", async () => {
      const { pool, l1 } = scene;
      const asMpc = pool.connect(await l1.impersonate(await pool.mpcAddress()));
      const { id, endEpoch } = await pool.curBatchState();
      await expect(
        asMpc.batchSubmitRewards(id + 1n, endEpoch + 1n, endEpoch + 2n, [l1.signers[5]!], [1]),
      ).to.be.revertedWithCustomError(pool, "NoSuchSeq");
    });
  });

  describe("the whitelist", () => {
    itOnStandIns("freezes every call of the owner once it is gone, and nothing else", async () => {
      const { pool, asOwner, l1 } = scene;
      const position = await scene.lock(1);
      const { id, owner, key } = position;
      const asPosition = pool.connect(owner);
      await asOwner.setWhitelist(owner, false);
      const calls = [
        () => asPosition.relock(id, 1n, false),
        () => asPosition.withdraw(id, 1n),
        () => asPosition.withdrawRewards(id, l2Gas),
        () => asPosition.unlock(id, l2Gas),
        () => asPosition.unlockClaim(id, l2Gas),
        () => asPosition.setSequencerRewardRecipient(id, owner),
        () => asPosition.setSequencerOwner(id, l1.signers[5]!),
      ];
      for (const call of calls) await expect(call()).to.be.revertedWithCustomError(pool, "NotWhitelisted");
      await scene.reward(position);
      await pool.connect(await l1.impersonate(key.signer)).updateSigner(id, sequencerKey("conformance frozen").pubkey);
      await asOwner.forceUnlock(id, l2Gas);
      expect((await scene.sequencer(id)).status).to.equal(Status.Inactive);
    });
  });

  describe("pause", () => {
    itOnStandIns("stops locking, adding, withdrawing, rewards and voluntary exits", async () => {
      const { pool, asOwner } = scene;
      const { id, owner } = await scene.lock(1);
      const asPosition = pool.connect(owner);
      await asOwner.setPause(true);
      expect(await pool.paused()).to.equal(true);
      const calls = [
        () => asPosition.relock(id, 1n, false),
        () => asPosition.withdraw(id, 1n),
        () => asPosition.withdrawRewards(id, l2Gas),
        () => asPosition.unlock(id, l2Gas),
        () => asPosition.unlockClaim(id, l2Gas),
      ];
      for (const call of calls) await expect(call()).to.be.revertedWith("Pausable: paused");
    });
  });

  describe("reading", () => {
    it("answers an unknown position with zeros", async () => {
      const { amount, owner, pubkey, status } = await scene.sequencer(MaxUint256);
      expect([amount, owner, pubkey, status]).to.deep.equal([0n, ZeroAddress, "0x", Status.Unavailabe]);
    });

    it("costs about 39,000 gas for a position whose slots are cold", async () => {
      const { pool } = scene;
      const { id } = await scene.lock(1);
      const data = pool.interface.encodeFunctionData("sequencers", [id]);
      const gas = await scene.l1.provider.estimateGas({ to: scene.lockingPool, data });
      expect(gas - 21_000n).to.be.within(36_000n, 42_000n);
    });
  });
}
