import { expect } from "chai";
import { MaxUint256, parseEther, type ContractTransactionResponse } from "ethers";

import { createFixture } from "../../helpers/chains";
import { deployTokens, namedActors } from "../../helpers/tokens";

/** Gas of whole transactions for holders who have both tokens before and after; 1 % of room for the shape of calldata. */
describe("SEMetis gas", () => {
  const fixture = createFixture(async ({ l2 }) => {
    const { alice, bob, queue } = namedActors(l2);
    const tokens = await deployTokens(l2, queue.address);
    const { eMetis, seMetis, pool } = tokens;
    for (const holder of [alice, bob]) {
      await pool.mint(holder, parseEther("1000"));
      await eMetis.connect(holder).approve(seMetis, MaxUint256);
      await seMetis.connect(holder).deposit(parseEther("123"), holder);
    }
    await pool.addReward(parseEther("7"), 7n * 86_400n);
    await l2.increase(100_000);
    return { l2, alice, bob, ...tokens };
  });

  async function gasOf(transaction: Promise<ContractTransactionResponse>): Promise<number> {
    const receipt = await (await transaction).wait();
    return Number(receipt!.gasUsed);
  }

  it("prints", async () => {
    const { alice, bob, eMetis, seMetis, pool } = await fixture();
    const t = parseEther("1.234567891234567891");
    process.stdout.write(`deposit ${await gasOf(seMetis.connect(alice).deposit(t, alice))}\n`);
    process.stdout.write(`redeem ${await gasOf(seMetis.connect(alice).redeem(t, alice, alice))}\n`);
    process.stdout.write(`mint ${await gasOf(seMetis.connect(alice).mint(t, alice))}\n`);
    process.stdout.write(`withdraw ${await gasOf(seMetis.connect(alice).withdraw(t, alice, alice))}\n`);
    process.stdout.write(`depositMinted ${await gasOf(pool.depositMinted(t, alice))}\n`);
    process.stdout.write(`pool.mint ${await gasOf(pool.mint(alice, t))}\n`);
    process.stdout.write(`transfer ${await gasOf(eMetis.connect(alice).transfer(bob, t))}\n`);
    process.stdout.write(`transfer se ${await gasOf(seMetis.connect(alice).transfer(bob, t))}\n`);
    process.stdout.write(`addReward ${await gasOf(pool.addReward(t, 604800))}\n`);
    process.stdout.write(`absorbLoss ${await gasOf(pool.absorbLoss(t, 0))}\n`);
    process.stdout.write(`burnUnvested ${await gasOf(pool.burnUnvested(t))}\n`);
    expect(true).to.equal(true);
  });
});
