import { expect } from "chai";
import { parseEther } from "ethers";

import { createFixture } from "../../helpers/chains";
import { describeGas } from "../../helpers/gas";
import { HOUR, ONE, gasOf, queueFixture } from "../../helpers/queue";

/** Gas of whole transactions through the proxy, for users who have used the queue before; with some 1 % of room. */
describeGas("RedemptionQueue gas", () => {
  const assets = parseEther("1.234567891234567891");

  /** Alice and bob have tickets, old ones and claimed ones, at two rates; the first 40 of the open ones can be finalised. */
  const fixture = createFixture(async () => {
    const setup = await queueFixture();
    const { l2, queue, pool, alice, bob } = setup;
    await queue.connect(alice).requestRedeemBatch(Array<bigint>(25).fill(assets), alice);
    await l2.increase(HOUR);
    await queue.connect(bob).requestRedeemBatch(Array<bigint>(25).fill(assets), bob);
    const cutoff = (await l2.now()) + HOUR;
    await pool.fundQueue(5n * assets, ONE - 1n, cutoff);
    await pool.fundQueue(15n * assets, ONE, cutoff);
    await queue.claim(0n);
    await l2.increase(HOUR);
    await queue.connect(alice).requestRedeem(assets, alice);
    return { ...setup, cutoff };
  });

  it("takes at most 87,500 for a request", async () => {
    const { queue, alice } = await fixture();
    expect(await gasOf(queue.connect(alice).requestRedeem(assets, alice))).to.be.at.most(87_500);
  });

  it("takes at most 98,000 for a request in a new hour", async () => {
    const { l2, queue, alice } = await fixture();
    await l2.increase(HOUR);
    expect(await gasOf(queue.connect(alice).requestRedeem(assets, alice))).to.be.at.most(98_000);
  });

  it("takes at most 350,000 for a batch of ten requests, in a new hour", async () => {
    const { l2, queue, alice } = await fixture();
    await l2.increase(HOUR);
    const amounts = Array<bigint>(10).fill(assets);
    expect(await gasOf(queue.connect(alice).requestRedeemBatch(amounts, alice))).to.be.at.most(350_000);
  });

  it("takes at most 48,000 for a claim", async () => {
    const { queue, alice } = await fixture();
    expect(await gasOf(queue.connect(alice).claim(10n * assets))).to.be.at.most(48_000);
  });

  it("takes at most 53,000 for a claim by somebody else", async () => {
    const { queue, keeper } = await fixture();
    expect(await gasOf(queue.connect(keeper).claim(10n * assets))).to.be.at.most(53_000);
  });

  it("takes at most 110,000 for a batch of ten claims of one owner", async () => {
    const { queue, alice } = await fixture();
    const ids = Array.from({ length: 10 }, (_, index) => BigInt(index + 7) * assets);
    expect(await gasOf(queue.connect(alice).claimBatch(ids))).to.be.at.most(110_000);
  });

  it("takes at most 79,000 to fund the queue, with a pool that does nothing else", async () => {
    const { pool, cutoff } = await fixture();
    expect(await gasOf(pool.fundQueue(7n * assets, ONE, cutoff))).to.be.at.most(79_000);
  });
});
