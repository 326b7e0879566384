import { expect } from "chai";
import { Interface, ZeroAddress, ZeroHash } from "ethers";

import { createFixture } from "../../helpers/chains";
import { configOf, deployLockManager, lockAll, minLock } from "../../helpers/lockManager";

describe("SequencerVault", () => {
  const fixture = createFixture(async (chains) => {
    const world = await deployLockManager(chains);
    const vault = await world.l1.attach("SequencerVault", world.vaults[0]!.address);
    return { ...world, vault, asManager: vault.connect(await world.l1.impersonate(world.manager)) };
  });

  it("obeys LockManager only, in every function that changes state", async () => {
    const { vault, carol } = await fixture();
    const calls: Readonly<Record<string, readonly unknown[]>> = {
      "compound(uint256)": [1],
      "lock(bytes32,bytes32,address,uint256)": [ZeroHash, ZeroHash, carol.address, 1],
      "relock(uint256,uint256)": [1, 1],
      "setRewardRecipient(uint256,address)": [1, carol.address],
      "sweep()": [],
      "unlock(uint256,uint32)": [1, 1],
      "unlockClaim(uint256,uint32)": [1, 1],
      "withdraw(uint256,uint256)": [1, 1],
      "withdrawRewards(uint256,uint32)": [1, 1],
    };
    const found: string[] = [];
    vault.interface.forEachFunction((fragment) => {
      if (!fragment.constant) found.push(fragment.format("sighash"));
    });
    expect(found.sort()).to.deep.equal(Object.keys(calls).sort());
    for (const [name, parameters] of Object.entries(calls)) {
      const data = new Interface(vault.interface.fragments).encodeFunctionData(name, parameters);
      await expect(carol.sendTransaction({ to: vault, data }))
        .to.be.revertedWithCustomError(vault, "SequencerVault__OnlyLockManager")
        .withArgs(carol.address);
    }
  });

  it("opens no position whose rewards would go nowhere", async () => {
    const { asManager, l1 } = await fixture();
    const { pubkeyX, pubkeyY } = configOf(l1, 0);
    await expect(asManager.lock(pubkeyX, pubkeyY, ZeroAddress, minLock)).to.be.revertedWithCustomError(
      asManager,
      "SequencerVault__ZeroAddress",
    );
  });

  it("takes no id that LockingPool could not have meant", async () => {
    const { asManager, l1, metis, token, manager, carol } = await fixture();
    const { pubkeyX, pubkeyY } = configOf(l1, 0);
    await token.connect(await l1.impersonate(manager)).approve(asManager, 1n);
    await token.mint(manager, 1n);
    // Answers every call with the number 2^32, and takes no METIS.
    await l1.setCode(metis.lockingPool, "0x64010000000060005260206000f3");
    await expect(asManager.lock(pubkeyX, pubkeyY, carol, 1n))
      .to.be.revertedWithCustomError(asManager, "SequencerVault__NoPosition")
      .withArgs(2n ** 32n);
  });

  it("leaves no allowance and no METIS behind", async () => {
    const world = await fixture();
    const { token, vault, metis } = world;
    await lockAll(world, minLock);
    await lockAll(world, 77n);
    expect(await token.allowance(vault, metis.lockingInfo)).to.equal(0n);
    expect(await token.allowance(world.manager, vault)).to.equal(0n);
    expect(await token.balanceOf(vault)).to.equal(0n);
  });

  it("takes no ETH but what comes with a call", async () => {
    const { vault, carol } = await fixture();
    await expect(carol.sendTransaction({ to: vault, value: 1n })).to.be.revertedWithoutReason();
  });
});
