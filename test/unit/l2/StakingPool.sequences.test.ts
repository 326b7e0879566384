import { expect } from "chai";
import { parseEther } from "ethers";

import {
  BRIDGE_FEE,
  DAY,
  HOUR,
  type PoolFixture,
  type Report,
  applyReport,
  arrive,
  balanceOf,
  mintL1Deposit,
  poolFixture,
} from "../../helpers/pool";
import { type Random, seededRandom } from "../../helpers/random";

/** What is really on Ethereum and on both ways, moved by the same steps that the pool is told of later or never. */
class Ethereum {
  sentToL2 = 0n;
  l1Deposits = 0n;
  onTheWayDown = 0n;
  minted = 0n;
  private number = 100n;

  constructor(
    public assets: bigint,
    public receivedFromL2: bigint,
  ) {}

  /** METIS that the pool sent reaches LockManager. */
  receive(sentToL1: bigint, random: Random): void {
    const arrived = random.below(sentToL1 - this.receivedFromL2 + 1n);
    this.assets += arrived;
    this.receivedFromL2 += arrived;
  }

  send(assets: bigint): void {
    const sent = assets < this.assets ? assets : this.assets;
    this.assets -= sent;
    this.sentToL2 += sent;
    this.onTheWayDown += sent;
  }

  deposit(assets: bigint): { number: bigint; runningTotal: bigint } {
    this.assets += assets;
    this.l1Deposits += assets;
    return { number: this.number++, runningTotal: this.l1Deposits };
  }

  report(): Partial<Report> {
    const { assets, receivedFromL2, sentToL2, l1Deposits } = this;
    return { l1Assets: assets, receivedFromL2, sentToL2, l1Deposits };
  }
}

interface World {
  readonly fixture: PoolFixture;
  readonly ethereum: Ethereum;
  readonly random: Random;
}

type Step = (world: World) => Promise<unknown>;

const steps: Record<string, Step> = {
  deposit: async ({ fixture: { pool, alice }, random }) =>
    pool.connect(alice).deposit(alice, alice, { value: parseEther("0.01") + random.ofBits(72) }),
  stake: async ({ fixture: { pool, bob }, random }) =>
    pool.connect(bob).depositAndStake(bob, 0n, bob, { value: parseEther("0.01") + random.ofBits(72) }),
  redeem: async ({ fixture: { pool, alice }, random }) => {
    const most = await pool.maxRedeemInstant();
    return pool.connect(alice).redeemInstant(random.below(most / 3n + 1n) + 1n, 0n, alice);
  },
  request: async ({ fixture: { queue, alice }, random }) =>
    queue.connect(alice).requestRedeem(parseEther("0.01") + random.ofBits(70), alice),
  unstake: async ({ fixture: { seMetis, bob }, random }) =>
    seMetis.connect(bob).redeem(random.below((await seMetis.maxRedeem(bob)) / 4n + 1n), bob, bob),
  rebalance: async ({ fixture: { pool, keeper }, random }) =>
    pool.connect(keeper).rebalance({ value: random.pick([0n, 3n, BRIDGE_FEE, parseEther("2")]) }),
  report: async ({ fixture, ethereum }) => applyReport(fixture, ethereum.report()),
  receive: async ({ fixture: { pool }, ethereum, random }) => {
    ethereum.receive((await pool.solvency()).sentToL1, random);
  },
  earn: async ({ ethereum, random }) => {
    ethereum.assets += random.ofBits(66);
    return Promise.resolve();
  },
  lose: async ({ ethereum, random }) => {
    ethereum.assets -= random.ofBits(random.pick([10, 40, 66]));
    return Promise.resolve();
  },
  send: async ({ ethereum, random }) => {
    ethereum.send(random.ofBits(71));
    return Promise.resolve();
  },
  bring: async ({ fixture, ethereum, random }) => {
    const arrived = random.below(ethereum.onTheWayDown + 1n);
    ethereum.onTheWayDown -= arrived;
    await arrive(fixture, arrived);
    return fixture.gateway.forwardArrivals();
  },
  depositOnL1: async ({ fixture, ethereum, random }) => {
    const assets = random.ofBits(70) + 1n;
    const { number, runningTotal } = ethereum.deposit(assets);
    const receiver = fixture.bob.address;
    await mintL1Deposit(fixture, number, { receiver, assets, runningTotal, isStaked: random.below(2n) === 0n });
    ethereum.minted += assets;
  },
  wait: async ({ fixture: { l2 }, random }) => l2.increase(Number(random.between(1n, BigInt(3 * DAY)))),
  waitLittle: async ({ fixture: { l2 }, random }) => l2.increase(Number(random.between(1n, BigInt(7 * HOUR)))),
};

describe("StakingPool sequences", () => {
  const taken = new Map<string, number>();

  for (const seed of [1, 2, 3, 4]) {
    it(`keeps its books, whatever happens in whatever order (${seed})`, async () => {
      const fixture = await poolFixture();
      const { pool, eMetis, treasury } = fixture;
      const start = await pool.solvency();
      const ethereum = new Ethereum(start.l1Assets, start.receivedFromL2);
      const world = { fixture, ethereum, random: seededRandom(seed) };
      for (let count = 0; count < 120; count++) {
        const name = world.random.pick(Object.keys(steps));
        const isDone = await steps[name]!(world).then(
          () => true,
          (error: unknown) => {
            // A refusal has a name; arithmetic never refuses.
            expect(String(error)).to.match(/custom error '(StakingPool__|ERC20|ERC4626|SEMetis__|RedemptionQueue__)/);
            return false;
          },
        );
        if (isDone) taken.set(name, (taken.get(name) ?? 0) + 1);

        const lines = await pool.solvency();
        expect(lines.totalAssets).to.equal(await pool.totalAssets());
        expect(await balanceOf(fixture, pool)).to.equal(lines.buffer);
        expect(lines.totalSupply).to.equal(await eMetis.totalSupply());
        expect(lines.unbackedL1Mints).to.equal(0n);
        expect(lines.attributedUp + lines.attributedDown).to.equal(0n);
      }

      // All that is on its way arrives and is reported: the books show what there is, to the wei.
      const { sentToL1 } = await pool.solvency();
      ethereum.assets += sentToL1 - ethereum.receivedFromL2;
      ethereum.receivedFromL2 = sentToL1;
      await arrive(fixture, ethereum.onTheWayDown);
      await fixture.gateway.forwardArrivals();
      await applyReport(fixture, ethereum.report());
      const unminted = ethereum.l1Deposits - ethereum.minted;
      const { buffer, totalAssets } = await pool.solvency();
      expect(totalAssets).to.equal(buffer + ethereum.assets - unminted);
      expect(await eMetis.balanceOf(treasury)).to.be.above(0n);
    });
  }

  it("took every step", () => {
    expect([...taken.keys()].sort()).to.deep.equal(Object.keys(steps).sort());
  });
});
