import { expect } from "chai";
import { MaxUint256, ZeroAddress, dataSlice } from "ethers";

import { sequencerKey } from "../../../../scripts/lib/localMetis";
import { type LockingPoolFixture, type LockingScene, Status, setScene } from "./lockingPoolFixture";
import { type Subject, standInsOnly } from "./subject";

/** Locking, adding to a position and withdrawing from it. */
export function describeLocking(fixture: () => Promise<LockingPoolFixture>, subject: Subject): void {
  const itOnStandIns = standInsOnly(subject);
  let scene: LockingScene;

  beforeEach(async () => {
    scene = await setScene(await fixture());
  });

  describe("lockWithRewardRecipient", () => {
    const key = sequencerKey("conformance lock");

    it("makes the caller the owner of a new active position, found by its signer in the same block", async () => {
      const { pool, l1 } = scene;
      const owner = await scene.operator(1);
      const batch = await pool.currentBatch();
      const idsBefore = await pool.totalSequencers();

      await pool.connect(owner).lockWithRewardRecipient(key.signer, l1.signers[2]!, scene.stake, key.pubkey);

      const id = await pool.seqSigners(key.signer);
      expect(id).to.equal(idsBefore + 1n);
      expect(await pool.seqOwners(owner)).to.equal(id);
      expect([...(await scene.sequencer(id))]).to.deep.equal([
        scene.stake,
        0n,
        batch,
        batch,
        0n,
        0n,
        0n,
        1n,
        owner.address,
        key.signer,
        key.pubkey,
        l1.signers[2]!.address,
        Status.Active,
      ]);
    });

    it("takes the METIS through the allowance of the escrow and counts it as locked", async () => {
      const { pool, info, token } = scene;
      const owner = await scene.operator(1);
      const [held, locked] = [await token.balanceOf(info), await info.totalLocked()];

      await pool.connect(owner).lockWithRewardRecipient(key.signer, owner, scene.stake, key.pubkey);

      expect(await token.balanceOf(info)).to.equal(held + scene.stake);
      expect(await info.totalLocked()).to.equal(locked + scene.stake);
      expect(await token.allowance(owner, info)).to.equal(scene.purse - scene.stake);
    });

    it("emits Locked with nonce 1 in the escrow, owner and recipient in the pool", async () => {
      const { pool, info, l1 } = scene;
      const owner = await scene.operator(1);
      const id = (await pool.totalSequencers()) + 1n;
      const total = (await info.totalLocked()) + scene.stake;

      await expect(pool.connect(owner).lockWithRewardRecipient(key.signer, l1.signers[2]!, scene.stake, key.pubkey))
        .to.emit(info, "Locked")
        .withArgs(key.signer, id, 1n, await pool.currentBatch(), scene.stake, total, key.pubkey)
        .and.to.emit(pool, "SequencerOwnerChanged")
        .withArgs(id, owner)
        .and.to.emit(pool, "SequencerRewardRecipientChanged")
        .withArgs(id, l1.signers[2]!.address);
    });

    it("refuses a caller that is not whitelisted", async () => {
      const { pool, l1 } = scene;
      await expect(
        pool.connect(l1.signers[1]).lockWithRewardRecipient(key.signer, l1.signers[1]!, scene.stake, key.pubkey),
      ).to.be.revertedWithCustomError(pool, "NotWhitelisted");
    });

    itOnStandIns("refuses while paused", async () => {
      const { pool, asOwner } = scene;
      const owner = await scene.operator(1);
      await asOwner.setPause(true);
      await expect(
        pool.connect(owner).lockWithRewardRecipient(key.signer, owner, scene.stake, key.pubkey),
      ).to.be.revertedWith("Pausable: paused");
    });

    it("wants a public key of 64 bytes", async () => {
      const owner = await scene.operator(1);
      await expect(
        scene.pool.connect(owner).lockWithRewardRecipient(key.signer, owner, scene.stake, dataSlice(key.pubkey, 1)),
      ).to.be.revertedWith("invalid pubkey");
    });

    it("wants the signer to be the address of the public key", async () => {
      const owner = await scene.operator(1);
      await expect(
        scene.pool.connect(owner).lockWithRewardRecipient(owner, owner, scene.stake, key.pubkey),
      ).to.be.revertedWith("pubkey and address mismatch");
    });

    it("allows an owner one position", async () => {
      const { owner } = await scene.lock(1);
      await expect(
        scene.pool.connect(owner).lockWithRewardRecipient(key.signer, owner, scene.stake, key.pubkey),
      ).to.be.revertedWithCustomError(scene.pool, "OwnedSequencer");
    });

    it("refuses a signer that another position has", async () => {
      const { key: taken } = await scene.lock(1);
      const owner = await scene.operator(2);
      await expect(
        scene.pool.connect(owner).lockWithRewardRecipient(taken.signer, owner, scene.stake, taken.pubkey),
      ).to.be.revertedWithCustomError(scene.pool, "SignerExisted");
    });

    it("refuses a wei below minLock and a wei above maxLock, and takes both bounds", async () => {
      const { pool, info } = scene;
      const [least, most] = [await info.minLock(), await info.maxLock()];
      const owner = await scene.operator(1);
      for (const amount of [least - 1n, most + 1n]) {
        await expect(
          pool.connect(owner).lockWithRewardRecipient(key.signer, owner, amount, key.pubkey),
        ).to.be.revertedWith("invalid amount");
      }
      const [first, second] = [await scene.lock(2, least), await scene.lock(3, most)];
      expect((await scene.sequencer(first.id)).amount).to.equal(least);
      expect((await scene.sequencer(second.id)).amount).to.equal(most);
    });

    it("accepts no recipient, who is then missing at every payment of rewards", async () => {
      const { pool } = scene;
      const owner = await scene.operator(1);
      await pool.connect(owner).lockWithRewardRecipient(key.signer, ZeroAddress, scene.stake, key.pubkey);
      const id = await pool.seqOwners(owner);
      await expect(pool.connect(owner).withdrawRewards(id, 0)).to.be.revertedWithCustomError(pool, "NoRewardRecipient");
    });
  });

  describe("relock", () => {
    it("adds the owner's METIS and leaves the withdrawal of the batch as it was", async () => {
      const { pool, info } = scene;
      const { id, owner } = await scene.lock(1);
      await scene.nextBatch();
      const total = await info.totalLocked();
      const { updatedBatch } = await scene.sequencer(id);

      await expect(pool.connect(owner).relock(id, 5n, false))
        .to.emit(info, "Relocked")
        .withArgs(id, 5n, total + 5n)
        .and.to.emit(info, "LockUpdate")
        .withArgs(id, 2n, scene.stake + 5n);

      expect((await scene.sequencer(id)).updatedBatch).to.equal(updatedBatch);
      await pool.connect(owner).withdraw(id, 1n);
    });

    it("compounds the whole reward without moving METIS or ETH", async () => {
      const { pool, info, token } = scene;
      const position = await scene.lock(1);
      const reward = await scene.reward(position);
      const [held, total] = [await token.balanceOf(info), await info.totalLocked()];

      await pool.connect(position.owner).relock(position.id, 0n, true);

      const { amount, reward: left } = await scene.sequencer(position.id);
      expect([amount, left]).to.deep.equal([scene.stake + reward, 0n]);
      expect(await token.balanceOf(info)).to.equal(held);
      expect(await info.totalLocked()).to.equal(total + reward);
    });

    it("takes all or nothing at maxLock", async () => {
      const { pool, info } = scene;
      const position = await scene.lock(1, (await info.maxLock()) - 1n);
      await scene.reward(position);
      const asPosition = pool.connect(position.owner);
      await expect(asPosition.relock(position.id, 0n, true)).to.be.revertedWith("locked>maxLock");
      await expect(asPosition.relock(position.id, 2n, false)).to.be.revertedWith("locked>maxLock");
      await asPosition.relock(position.id, 1n, false);
      expect((await scene.sequencer(position.id)).amount).to.equal(await info.maxLock());
    });

    it("refuses to add nothing", async () => {
      const { pool } = scene;
      const { id, owner } = await scene.lock(1);
      await expect(pool.connect(owner).relock(id, 0n, true)).to.be.revertedWith("No new locked added");
    });

    itOnStandIns("is stopped, as the only call, by a maxLock lowered below the position", async () => {
      const { pool, info, infoAsOwner } = scene;
      const { id, owner } = await scene.lock(1, scene.stake + 100n);
      await scene.nextBatch();
      await infoAsOwner.setMaxLock(await info.minLock());
      await expect(pool.connect(owner).relock(id, 1n, false)).to.be.revertedWith("locked>maxLock");
      await pool.connect(owner).withdraw(id, 1n);
      expect((await scene.sequencer(id)).amount).to.equal(scene.stake + 99n);
    });
  });

  describe("withdraw", () => {
    it("pays the owner at once, in a later batch than the lock", async () => {
      const { pool, info, token } = scene;
      const { id, owner } = await scene.lock(1, scene.stake + 10n);
      await scene.nextBatch();
      const [paid, total] = [await token.balanceOf(owner), await info.totalLocked()];

      await expect(pool.connect(owner).withdraw(id, 9n))
        .to.emit(info, "Withdraw")
        .withArgs(id, 9n)
        .and.to.emit(info, "LockUpdate")
        .withArgs(id, 2n, scene.stake + 1n);

      expect(await token.balanceOf(owner)).to.equal(paid + 9n);
      expect(await info.totalLocked()).to.equal(total - 9n);
      const { amount, updatedBatch } = await scene.sequencer(id);
      expect([amount, updatedBatch]).to.deep.equal([scene.stake + 1n, await pool.currentBatch()]);
    });

    it("is allowed once a batch, and not in the batch of the lock", async () => {
      const { pool } = scene;
      const { id, owner } = await scene.lock(1, scene.stake + 10n);
      await expect(pool.connect(owner).withdraw(id, 1n)).to.be.revertedWith("withdraw throttle");
      await scene.nextBatch();
      await pool.connect(owner).withdraw(id, 1n);
      await expect(pool.connect(owner).withdraw(id, 1n)).to.be.revertedWith("withdraw throttle");
    });

    it("is taken away for the batch by the signer who changes its key", async () => {
      const { pool, l1 } = scene;
      const { id, owner, key } = await scene.lock(1, scene.stake + 10n);
      await scene.nextBatch();
      await pool.connect(await l1.impersonate(key.signer)).updateSigner(id, sequencerKey("conformance new").pubkey);
      await expect(pool.connect(owner).withdraw(id, 1n)).to.be.revertedWith("withdraw throttle");
    });

    it("refuses 0 and what leaves less than minLock", async () => {
      const { pool, info } = scene;
      const { id, owner } = await scene.lock(1, (await info.minLock()) + 10n);
      await scene.nextBatch();
      await expect(pool.connect(owner).withdraw(id, 0n)).to.be.revertedWith("invalid amount");
      await expect(pool.connect(owner).withdraw(id, 11n)).to.be.revertedWith("invalid amount");
    });

    it("panics when more is asked for than is there", async () => {
      const { pool } = scene;
      const { id, owner } = await scene.lock(1);
      await scene.nextBatch();
      await expect(pool.connect(owner).withdraw(id, scene.stake + 1n)).to.be.revertedWithPanic(0x11);
      await expect(pool.connect(owner).withdraw(id, MaxUint256)).to.be.revertedWithPanic(0x11);
    });

    itOnStandIns("becomes impossible when minLock is raised above the position", async () => {
      const { pool, infoAsOwner } = scene;
      const { id, owner } = await scene.lock(1, scene.stake + 10n);
      await scene.nextBatch();
      await infoAsOwner.setMinLock(scene.stake + 10n);
      await expect(pool.connect(owner).withdraw(id, 1n)).to.be.revertedWith("invalid amount");
    });
  });
}
