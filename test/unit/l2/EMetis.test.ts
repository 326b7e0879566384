import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { createFixture } from "../../helpers/chains";
import { shouldBehaveLikePermitToken } from "../../helpers/shouldBehaveLikePermitToken";
import { deployTokens, namedActors } from "../../helpers/tokens";

const held = 1_234_567_890_123_456_789n;

describe("EMetis", () => {
  const fixture = createFixture(async ({ l2 }) => {
    const { alice, bob, carol, queue } = namedActors(l2);
    const tokens = await deployTokens(l2, queue.address);
    await tokens.pool.mint(alice, held);
    const asPool = tokens.eMetis.connect(await l2.impersonate(tokens.pool));
    const asVault = tokens.eMetis.connect(await l2.impersonate(tokens.seMetis));
    return { l2, alice, bob, carol, queue, asPool, asVault, asQueue: tokens.eMetis.connect(queue), ...tokens };
  });

  it("is called eMetis and has METIS's 18 decimals", async () => {
    const { eMetis } = await fixture();
    expect(await eMetis.name()).to.equal("eMetis");
    expect(await eMetis.symbol()).to.equal("eMetis");
    expect(await eMetis.decimals()).to.equal(18n);
  });

  it("names the three contracts that may mint or burn", async () => {
    const { eMetis, pool, seMetis, queue } = await fixture();
    expect(await eMetis.STAKING_POOL()).to.equal(await pool.getAddress());
    expect(await eMetis.SE_METIS()).to.equal(await seMetis.getAddress());
    expect(await eMetis.REDEMPTION_QUEUE()).to.equal(queue.address);
  });

  describe("mint", () => {
    it("gives the receiver what the pool mints", async () => {
      const { eMetis, asPool, bob } = await fixture();
      await expect(asPool.mint(bob, 77n)).to.emit(eMetis, "Transfer").withArgs(ZeroAddress, bob.address, 77n);
      expect(await eMetis.balanceOf(bob)).to.equal(77n);
    });

    it("answers the supply after it", async () => {
      const { asPool, bob } = await fixture();
      expect(await asPool.mint.staticCall(bob, 77n)).to.equal(held + 77n);
    });

    it("refuses everybody else, the vault and the queue included", async () => {
      const { eMetis, asVault, asQueue, alice } = await fixture();
      for (const stranger of [asVault, asQueue, eMetis.connect(alice)]) {
        await expect(stranger.mint(alice, 1n))
          .to.be.revertedWithCustomError(eMetis, "EMetis__Unauthorized")
          .withArgs(stranger.runner);
      }
    });

    it("refuses to mint to nobody", async () => {
      const { eMetis, asPool } = await fixture();
      await expect(asPool.mint(ZeroAddress, 1n))
        .to.be.revertedWithCustomError(eMetis, "ERC20InvalidReceiver")
        .withArgs(ZeroAddress);
    });
  });

  describe("burn", () => {
    it("takes from the owner what the pool burns", async () => {
      const { eMetis, asPool, alice } = await fixture();
      await expect(asPool.burn(alice, 89n)).to.emit(eMetis, "Transfer").withArgs(alice.address, ZeroAddress, 89n);
      expect(await eMetis.balanceOf(alice)).to.equal(held - 89n);
    });

    it("answers the supply after it", async () => {
      const { asPool, alice } = await fixture();
      expect(await asPool.burn.staticCall(alice, 89n)).to.equal(held - 89n);
    });

    it("lets the vault and the queue burn their own", async () => {
      const { eMetis, pool, seMetis, asVault, asQueue, queue } = await fixture();
      await pool.mint(seMetis, 10n);
      await pool.mint(queue, 20n);
      await asVault.burn(seMetis, 4n);
      await asQueue.burn(queue, 5n);
      expect([await eMetis.balanceOf(seMetis), await eMetis.balanceOf(queue)]).to.deep.equal([6n, 15n]);
    });

    it("refuses the vault and the queue what others hold", async () => {
      const { eMetis, seMetis, asVault, asQueue, alice, queue } = await fixture();
      for (const [caller, owner] of [
        [asVault, alice.address],
        [asVault, queue.address],
        [asQueue, alice.address],
        [asQueue, await seMetis.getAddress()],
      ] as const) {
        await expect(caller.burn(owner, 1n))
          .to.be.revertedWithCustomError(eMetis, "EMetis__Unauthorized")
          .withArgs(caller.runner);
      }
    });

    it("refuses a holder even his own, allowance or not", async () => {
      const { eMetis, alice, bob } = await fixture();
      await eMetis.connect(alice).approve(bob, MaxUint256);
      for (const caller of [alice, bob]) {
        await expect(eMetis.connect(caller).burn(alice, 1n))
          .to.be.revertedWithCustomError(eMetis, "EMetis__Unauthorized")
          .withArgs(caller.address);
      }
    });

    it("refuses more than the owner holds", async () => {
      const { eMetis, asPool, alice } = await fixture();
      await expect(asPool.burn(alice, held + 1n))
        .to.be.revertedWithCustomError(eMetis, "ERC20InsufficientBalance")
        .withArgs(alice.address, held, held + 1n);
    });
  });

  describe("transfer", () => {
    it("leaves zero behind when the whole balance goes", async () => {
      const { eMetis, alice, bob } = await fixture();
      await eMetis.connect(alice).transfer(bob, held);
      expect([await eMetis.balanceOf(alice), await eMetis.balanceOf(bob)]).to.deep.equal([0n, held]);
    });

    it("takes no wei from an infinite allowance", async () => {
      const { eMetis, alice, bob, carol } = await fixture();
      await eMetis.connect(alice).approve(bob, MaxUint256);
      await eMetis.connect(bob).transferFrom(alice, carol, held);
      expect(await eMetis.allowance(alice, bob)).to.equal(MaxUint256);
    });

    it("takes what is spent from any other allowance", async () => {
      const { eMetis, alice, bob, carol } = await fixture();
      await eMetis.connect(alice).approve(bob, 100n);
      await eMetis.connect(bob).transferFrom(alice, carol, 31n);
      expect(await eMetis.allowance(alice, bob)).to.equal(69n);
    });
  });

  it("has no function that moves supply but mint and burn", async () => {
    const { eMetis } = await fixture();
    const writes = eMetis.interface.fragments
      .filter(
        (fragment) =>
          fragment.type === "function" && !["view", "pure"].includes(String(Reflect.get(fragment, "stateMutability"))),
      )
      .map((fragment) => String(Reflect.get(fragment, "name")));
    expect([...new Set(writes)].sort()).to.deep.equal([
      "approve",
      "burn",
      "mint",
      "permit",
      "transfer",
      "transferFrom",
    ]);
  });

  shouldBehaveLikePermitToken("eMetis", async () => {
    const { l2, eMetis, alice, bob, carol } = await fixture();
    return { l2, token: eMetis, owner: alice, relayer: bob, spender: carol.address };
  });
});
