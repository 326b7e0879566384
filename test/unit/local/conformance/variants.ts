import { expect } from "chai";

import {
  type LockingPoolFixture,
  type LockingScene,
  type Position,
  Status,
  l2Gas,
  setScene,
} from "./lockingPoolFixture";
import { type Subject, standInsOnly } from "./subject";

/** Mainnet's LockingPool, where it is not Sepolia's. */
export function describeMainnetPool(fixture: () => Promise<LockingPoolFixture>, subject: Subject): void {
  const itOnStandIns = standInsOnly(subject);
  let scene: LockingScene;

  beforeEach(async () => {
    scene = await setScene(await fixture());
  });

  const unlock = ({ id, owner }: Position) => scene.pool.connect(owner).unlock(id, l2Gas);

  itOnStandIns("lets one of three exit, and then one of six only with three more", async () => {
    const positions = [await scene.lock(1), await scene.lock(2)];
    await expect(unlock(positions[0]!)).to.be.revertedWith("BFT restriction");
    positions.push(await scene.lock(3));
    await unlock(positions[0]!);
    positions.push(await scene.lock(4), await scene.lock(5));
    await expect(unlock(positions[1]!)).to.be.revertedWith("BFT restriction");
    positions.push(await scene.lock(6));
    await unlock(positions[1]!);
    expect(await scene.pool.seqStatuses(Status.Inactive)).to.equal(2n);
  });

  it("lets a third of the sequencers exit and no more, however many there are", async () => {
    const counts = async () =>
      Promise.all([scene.pool.seqStatuses(Status.Inactive), scene.pool.seqStatuses(Status.Active)]);
    const room = async () => {
      const [inactive, active] = await counts();
      return (inactive + active) / 3n - inactive;
    };
    const positions = [await scene.lock(1)];
    while ((await room()) >= BigInt(positions.length)) positions.push(await scene.lock(positions.length + 1));
    const allowed = Number(await room());
    for (const position of positions.slice(0, allowed)) await unlock(position);
    await expect(unlock(positions[allowed]!)).to.be.revertedWith("BFT restriction");
  });

  it("asks for the owner before it counts", async () => {
    const { id } = await scene.lock(1);
    const other = await scene.operator(2);
    await expect(scene.pool.connect(other).unlock(id, l2Gas)).to.be.revertedWithCustomError(scene.pool, "NotSeqOwner");
  });

  itOnStandIns("counts forced exits, but does not restrict them", async () => {
    const positions = [await scene.lock(1), await scene.lock(2), await scene.lock(3)];
    await scene.asOwner.forceUnlock(positions[0]!.id, l2Gas);
    await expect(unlock(positions[1]!)).to.be.revertedWith("BFT restriction");
    await scene.asOwner.forceUnlock(positions[1]!.id, l2Gas);
    expect(await scene.pool.seqStatuses(Status.Inactive)).to.equal(2n);
  });

  itOnStandIns("forgets a finished exit", async () => {
    const positions = [await scene.lock(1), await scene.lock(2), await scene.lock(3), await scene.lock(4)];
    await unlock(positions[0]!);
    await expect(unlock(positions[1]!)).to.be.revertedWith("BFT restriction");
    await scene.l1.increaseTo(Number((await scene.sequencer(positions[0]!.id)).unlockClaimTime));
    await scene.pool.connect(positions[0]!.owner).unlockClaim(positions[0]!.id, l2Gas);
    await unlock(positions[1]!);
    expect(await scene.pool.seqStatuses(Status.Unlocked)).to.equal(1n);
  });

  it("gives a position to an owner who has one, whose own is then no longer found by owner", async () => {
    const { pool } = scene;
    const [given, own] = [await scene.lock(1), await scene.lock(2)];
    await pool.connect(given.owner).setSequencerOwner(given.id, own.owner);
    expect(await pool.seqOwners(own.owner)).to.equal(given.id);
    expect((await scene.sequencer(own.id)).owner).to.equal(own.owner.address);
    await scene.nextBatch();
    await pool.connect(own.owner).withdraw(own.id, 1n);
    await pool.connect(own.owner).withdraw(given.id, 1n);
  });
}

/** Sepolia's LockingPool, where it is not mainnet's. */
export function describeSepoliaPool(fixture: () => Promise<LockingPoolFixture>): void {
  let scene: LockingScene;

  beforeEach(async () => {
    scene = await setScene(await fixture());
  });

  it("lets the only sequencer exit", async () => {
    const { id, owner } = await scene.lock(1);
    await scene.pool.connect(owner).unlock(id, l2Gas);
    expect((await scene.sequencer(id)).status).to.equal(Status.Inactive);
  });

  it("refuses to give a position to an owner who has one", async () => {
    const { pool } = scene;
    const [given, own] = [await scene.lock(1), await scene.lock(2)];
    await expect(pool.connect(given.owner).setSequencerOwner(given.id, own.owner)).to.be.revertedWithCustomError(
      pool,
      "OwnedSequencer",
    );
  });
}
