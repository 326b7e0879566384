import { expect } from "chai";
import { parseEther } from "ethers";

import { createFixture } from "../../helpers/chains";
import { HOUR, finaliseAll, finaliseTo, queueFixture } from "../../helpers/queue";

const DAY = 24 * HOUR;

/** Times are seconds from now. */
describe("ClaimEstimate", () => {
  /** Tickets [0, 4) and [4, 10), asked for in an hour that has ended; the cutoff of the last report covers both. */
  const fixture = createFixture(async () => {
    const setup = await queueFixture();
    const { l2, queue, pool, alice } = setup;
    await queue.connect(alice).requestRedeem(parseEther("4"), alice);
    await queue.connect(alice).requestRedeem(parseEther("6"), alice);
    await l2.increase(3 * HOUR);
    const [first, second] = [0n, parseEther("4")] as const;
    const estimate = async (id: bigint) => Number(await queue.estimateClaimTime(id)) - (await l2.now());
    const setLiquidity = async (here: string, onTheWay: string, onL1: string, age = HOUR) =>
      pool.setLiquidity(parseEther(here), parseEther(onTheWay), parseEther(onL1), (await l2.now()) - age);
    return { ...setup, first, second, estimate, setLiquidity };
  });

  it("is the present for a ticket that is finalised", async () => {
    const f = await fixture();
    await finaliseTo(f, parseEther("4"));
    expect(await f.estimate(f.first)).to.equal(0);
  });

  it("is one rebalance away when the buffer covers all up to the ticket's end", async () => {
    const { estimate, setLiquidity, first } = await fixture();
    await setLiquidity("4", "0", "0");
    expect(await estimate(first)).to.equal(HOUR);
  });

  it("counts the line before the ticket, for it is paid first", async () => {
    const { estimate, setLiquidity, second } = await fixture();
    await setLiquidity("9.9", "0.1", "0");
    expect(await estimate(second)).to.equal(5 * HOUR);
  });

  it("does not count what is finalised of the line before it", async () => {
    const f = await fixture();
    await finaliseTo(f, parseEther("5"));
    await f.setLiquidity("5", "0", "0");
    expect(await f.estimate(f.second)).to.equal(HOUR);
  });

  it("adds the bridge when METIS on the way is needed", async () => {
    const { estimate, setLiquidity, first } = await fixture();
    await setLiquidity("3", "1", "0");
    expect(await estimate(first)).to.equal(5 * HOUR);
  });

  it("adds a day for the keeper when METIS must be recalled", async () => {
    const { estimate, setLiquidity, first } = await fixture();
    await setLiquidity("1", "1", "2");
    expect(await estimate(first)).to.equal(DAY + 5 * HOUR);
  });

  it("adds the signal, the wait and the exit of a sequencer when nothing else suffices", async () => {
    const { estimate, setLiquidity, first } = await fixture();
    await setLiquidity("1", "1", "1");
    expect(await estimate(first)).to.equal(35 * DAY + 5 * HOUR);
  });

  it("waits for the next report when the last one is older than the ticket", async () => {
    const { estimate, setLiquidity, first } = await fixture();
    await setLiquidity("10", "0", "0", 6 * HOUR);
    expect(await estimate(first)).to.equal(DAY - 6 * HOUR + 8 * HOUR + HOUR);
  });

  it("waits for the report after the next when the next one will be older than the ticket counts", async () => {
    const { l2, queue, alice, estimate, setLiquidity } = await fixture();
    await queue.connect(alice).requestRedeem(parseEther("1"), alice);
    await setLiquidity("11", "0", "0", DAY - HOUR / 4);
    expect(await estimate(parseEther("10"))).to.equal(DAY + HOUR / 4 + 8 * HOUR + HOUR);
    expect(await l2.now()).to.be.greaterThan(0);
  });

  it("gives an overdue report a day", async () => {
    const { queue, alice, estimate, setLiquidity } = await fixture();
    await queue.connect(alice).requestRedeem(parseEther("1"), alice);
    await setLiquidity("11", "0", "0", 7 * DAY);
    expect(await estimate(parseEther("10"))).to.equal(DAY + HOUR);
  });

  it("is the later of the report and the METIS", async () => {
    const { estimate, setLiquidity, first } = await fixture();
    await setLiquidity("0", "0", "4", 6 * HOUR);
    expect(await estimate(first)).to.equal(DAY + 5 * HOUR);
  });

  it("is given for no ticket that does not exist", async () => {
    const f = await fixture();
    await finaliseAll(f);
    await f.queue.claim(0n);
    for (const id of [0n, 1n]) {
      await expect(f.queue.estimateClaimTime(id))
        .to.be.revertedWithCustomError(f.queue, "RedemptionQueue__UnknownTicket")
        .withArgs(id);
    }
  });
});
