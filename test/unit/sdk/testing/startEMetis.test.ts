import { expect } from "chai";
import { ZeroAddress, keccak256, parseEther } from "ethers";

import { AmountError, ParameterError, RevertError } from "../../../../sdk/src/errors";
import {
  EMetis__factory,
  L2Gateway__factory,
  LockManager__factory,
  RedemptionQueue__factory,
  SEMetis__factory,
  StakingPool__factory,
} from "../../../../sdk/src/generated/contracts";
import { IERC20__factory } from "../../../../sdk/src/generated/contracts/factories/IERC20__factory";
import { revertOf } from "../../../../sdk/src/reverts";
import { type EMetisKit, TestKitError, startEMetis } from "../../../../sdk/src/testing";
import { predeploys } from "../../../../scripts/lib/predeploys";
import { LocalLockingPool__factory } from "../../../../typechain-types";

/** A node's chain id may be any; these are the kit's own. */
const chainIds = { l1: 31337, l2: 31338 };
const assets = 1_234_567_890_123_456_789n;

/** What `promise` is rejected with. */
async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

function contractsOf({ deployment, accounts }: EMetisKit) {
  const { alice } = accounts;
  return {
    pool: StakingPool__factory.connect(deployment.l2.stakingPool, alice.l2),
    eMetis: EMetis__factory.connect(deployment.l2.eMetis, alice.l2),
    seMetis: SEMetis__factory.connect(deployment.l2.seMetis, alice.l2),
    queue: RedemptionQueue__factory.connect(deployment.l2.redemptionQueue, alice.l2),
    gateway: L2Gateway__factory.connect(deployment.l2.l2Gateway, alice.l2),
    lockManager: LockManager__factory.connect(deployment.l1.lockManager, alice.l1),
    lockingPool: LocalLockingPool__factory.connect(deployment.l1.lockingPool, alice.l1),
    metis: IERC20__factory.connect(deployment.l1.metis, alice.l1),
  };
}

describe("startEMetis", () => {
  let kit: EMetisKit;
  let restore: () => Promise<void>;

  before(async () => {
    kit = await startEMetis();
    restore = await kit.snapshot();
  });

  afterEach(() => restore());

  after(() => kit.stop());

  /** Alice asks for `amount` wei of eMetis that she deposits for it. */
  async function requestRedeem(amount: bigint): Promise<bigint> {
    const { pool, eMetis, queue } = contractsOf(kit);
    const { address } = kit.accounts.alice;
    await (await pool.deposit(address, ZeroAddress, { value: amount })).wait();
    await (await eMetis.approve(queue, amount)).wait();
    const id = await queue.requestedUntil();
    await (await queue.requestRedeem(amount, address)).wait();
    return id;
  }

  /** Rewards of all positions of the protocol, in wei. */
  async function creditedRewards(): Promise<bigint> {
    const { lockManager, lockingPool } = contractsOf(kit);
    let sum = 0n;
    for (let index = 0n; index < (await lockManager.vaultCount()); index++) {
      const { sequencerId } = await lockManager.vaultAt(index);
      sum += (await lockingPool.sequencers(sequencerId)).reward;
    }
    return sum;
  }

  it("gives two chains of their own, and accounts of the same address with coin on both", async () => {
    const { l1, l2, accounts, deployment } = kit;
    expect([deployment.l1.chainId, deployment.l2.chainId]).to.deep.equal([chainIds.l1, chainIds.l2]);
    expect((await l1.provider.getNetwork()).chainId).to.equal(BigInt(chainIds.l1));
    expect((await l2.provider.getNetwork()).chainId).to.equal(BigInt(chainIds.l2));
    expect([accounts.alice.l1.address, accounts.alice.l2.address]).to.deep.equal([
      accounts.alice.address,
      accounts.alice.address,
    ]);
    expect(await l1.provider.getBalance(accounts.alice.address)).to.equal(parseEther("10000000"));
    expect(await l2.provider.getBalance(accounts.alice.address)).to.equal(parseEther("10000000"));
  });

  it("gives a deployment with the hashes of the code that is there, and blocks before which nothing was", async () => {
    const { deployment, l1, l2 } = kit;
    const { stakingPool, code } = deployment.l2;
    expect(code.stakingPool?.codeHash).to.equal(keccak256(await l2.provider.getCode(stakingPool)));
    const implementation = code.stakingPool!.implementation!;
    expect(implementation.codeHash).to.equal(keccak256(await l2.provider.getCode(implementation.address)));
    expect(Object.keys(deployment.l1.code)).to.have.members([
      "accessManager",
      "vaultBeacon",
      "lockManager",
      "l1Gateway",
    ]);
    expect(await l2.provider.getCode(deployment.l2.accessManager, deployment.l2.startBlock - 1)).to.equal("0x");
    expect(await l2.provider.getCode(deployment.l2.accessManager, deployment.l2.startBlock)).not.to.equal("0x");
    expect(await l1.provider.getCode(deployment.l1.accessManager, deployment.l1.startBlock - 1)).to.equal("0x");
    expect(await l1.provider.getCode(deployment.l1.accessManager, deployment.l1.startBlock)).not.to.equal("0x");
  });

  it("starts with a seMetis that is worth more than eMetis and still grows", async () => {
    const { seMetis } = contractsOf(kit);
    const before = await seMetis.convertToAssets(parseEther("1"));
    await kit.passTime(3_600);
    expect(before > parseEther("1")).to.equal(true);
    expect((await seMetis.convertToAssets(parseEther("1"))) > before).to.equal(true);
  });

  it("starts with nothing in it when asked to, beside another kit", async () => {
    const other = await startEMetis({ state: "empty" });
    const { pool } = contractsOf(other);
    expect(await pool.totalAssets()).to.equal(0n);
    expect((await contractsOf(kit).pool.totalAssets()) > 0n).to.equal(true);
    await other.stop();
  });

  it("lets ethers find the contract's own error in a revert", async () => {
    const { pool } = contractsOf(kit);
    const sent = pool.deposit(kit.accounts.alice.address, ZeroAddress, { value: 1n });
    const revert = revertOf(await rejection(sent));
    expect(revert).to.be.instanceOf(RevertError);
    expect(revert).to.include({ error: "StakingPool__BelowMinimum" });
  });

  describe("passTime", () => {
    it("brings both chains to the same second", async () => {
      const before = (await kit.l2.provider.getBlock("latest"))!.timestamp;
      const timestamp = await kit.passTime(1_000_003);
      expect((await kit.l1.provider.getBlock("latest"))!.timestamp).to.equal(timestamp);
      expect((await kit.l2.provider.getBlock("latest"))!.timestamp).to.equal(timestamp);
      expect(timestamp - before).to.be.within(1_000_003, 1_000_003 + 60);
    });

    for (const seconds of [0, -1, 1.5, Number.NaN]) {
      it(`refuses ${seconds} seconds`, async () => {
        const error = await rejection(kit.passTime(seconds));
        expect(error).to.be.instanceOf(ParameterError);
        expect(error).to.include({ parameter: "seconds" });
      });
    }
  });

  describe("creditRewards", () => {
    it("credits to the wei what it is told, and leaves Metis's rate as it was", async () => {
      const { lockingPool } = contractsOf(kit);
      const [before, rate] = [await creditedRewards(), await lockingPool.rewardPerBlock()];
      expect(await kit.creditRewards({ assets })).to.equal(assets);
      expect((await creditedRewards()) - before).to.equal(assets);
      expect(await lockingPool.rewardPerBlock()).to.equal(rate);
    });

    it("credits blocks at Metis's rate to each sequencer", async () => {
      const { lockingPool } = contractsOf(kit);
      const before = await creditedRewards();
      const credited = await kit.creditRewards({ blocks: 1_003n });
      expect(credited).to.equal(2n * 1_003n * (await lockingPool.rewardPerBlock()));
      expect((await creditedRewards()) - before).to.equal(credited);
    });

    it("says what to do while no sequencer runs", async () => {
      const other = await startEMetis({ state: "empty" });
      const error = await rejection(other.creditRewards({ assets }));
      await other.stop();
      expect(error).to.be.instanceOf(TestKitError);
      expect(error).to.include({ helper: "creditRewards" });
    });

    it("refuses nothing", async () => {
      expect(await rejection(kit.creditRewards({ assets: 0n }))).to.be.instanceOf(AmountError);
    });
  });

  describe("deliverReport", () => {
    it("makes rewards known on Metis, less the operators' commission", async () => {
      const { pool } = contractsOf(kit);
      await kit.deliverReport();
      const before = await pool.totalAssets();
      await kit.creditRewards({ assets: 1_000_000_000n });
      const number = await kit.deliverReport();
      expect((await pool.totalAssets()) - before).to.equal(950_000_000n);
      expect((await pool.solvency()).reportNumber).to.equal(number);
    });
  });

  describe("lose", () => {
    it("takes from the positions what a report then misses", async () => {
      const { pool } = contractsOf(kit);
      await kit.deliverReport();
      const before = await pool.totalAssets();
      await kit.lose(assets);
      await kit.deliverReport();
      expect(before - (await pool.totalAssets())).to.equal(assets);
    });

    it("refuses more than the largest position has", async () => {
      expect(await rejection(kit.lose(parseEther("100000")))).to.be.instanceOf(AmountError);
    });
  });

  describe("bridgeDown", () => {
    it("mints what was deposited on Ethereum", async () => {
      const { lockManager, metis, eMetis } = contractsOf(kit);
      const { address } = kit.accounts.alice;
      await kit.giveMetis(address, assets, "l1");
      await (await metis.approve(lockManager, assets)).wait();
      await (await lockManager.deposit(assets, address, false, { value: parseEther("1") })).wait();
      expect(await kit.bridgeDown()).to.deep.equal([await lockManager.lastMessage()]);
      expect(await eMetis.balanceOf(address)).to.equal(assets);
    });

    it("leaves a deposit waiting that Metis refuses after a loss", async () => {
      const { lockManager, metis, eMetis, gateway } = contractsOf(kit);
      const { address } = kit.accounts.alice;
      await kit.giveMetis(address, assets, "l1");
      await (await metis.approve(lockManager, assets)).wait();
      await (await lockManager.deposit(assets, address, false, { value: parseEther("1") })).wait();
      await kit.lose(parseEther("30000"));
      await (await lockManager.report({ value: parseEther("1") })).wait();
      await kit.relayAll();
      const number = await lockManager.lastMessage();
      const [sent] = await lockManager.queryFilter(lockManager.filters.MessageSent(number));
      await (await gateway.deliver(number, sent!.args.payload)).wait();
      expect(await kit.bridgeDown()).to.deep.equal([]);
      expect(await eMetis.balanceOf(address)).to.equal(0n);
    });
  });

  describe("finaliseQueue", () => {
    it("finalises within hours what the buffer can pay", async () => {
      const { queue } = contractsOf(kit);
      const before = await kit.passTime(1);
      const id = await requestRedeem(assets);
      await kit.finaliseQueue();
      expect((await queue.ticket(id)).claimable).to.equal(assets);
      expect((await kit.passTime(1)) - before).to.be.below(10 * 3_600);
    });

    it("brings METIS back from the sequencers within days for what the buffer cannot pay", async () => {
      const { queue } = contractsOf(kit);
      const amount = parseEther("35000");
      const { deployer } = kit.accounts;
      const { eMetis, seMetis } = contractsOf(kit);
      await (await seMetis.connect(deployer.l2).withdraw(amount, deployer.address, deployer.address)).wait();
      await (await eMetis.connect(deployer.l2).approve(queue, amount)).wait();
      const id = await queue.requestedUntil();
      await (await queue.connect(deployer.l2).requestRedeem(amount, deployer.address)).wait();
      const before = await kit.passTime(1);
      await kit.finaliseQueue();
      expect((await queue.ticket(id)).claimable).to.equal(amount);
      expect((await kit.passTime(1)) - before).to.be.below(8 * 86_400);
    });

    it("lets sequencers exit when everybody leaves", async () => {
      const { queue, seMetis } = contractsOf(kit);
      const { deployer } = kit.accounts;
      const shares = await seMetis.balanceOf(deployer.address);
      await (await seMetis.connect(deployer.l2).approve(queue, shares)).wait();
      await (await queue.connect(deployer.l2).requestRedeemStaked(shares, deployer.address)).wait();
      await kit.finaliseQueue();
      expect(await queue.pending()).to.equal(0n);
    });
  });

  describe("putToWork", () => {
    it("locks on Ethereum what the reserve does not need", async () => {
      const { pool, lockManager } = contractsOf(kit);
      const before = await lockManager.l1Assets();
      await (await pool.deposit(kit.accounts.alice.address, ZeroAddress, { value: parseEther("10000") })).wait();
      await kit.putToWork();
      expect((await lockManager.l1Assets()) > before + parseEther("9000")).to.equal(true);
      expect((await pool.solvency()).l1Assets).to.equal(await lockManager.l1Assets());
    });
  });

  describe("giveMetis", () => {
    it("gives METIS on Metis that the bridge holds on Ethereum", async () => {
      const { metis } = contractsOf(kit);
      const { address } = kit.accounts.bob;
      const coin = IERC20__factory.connect(predeploys.metis, kit.l2.provider);
      const held = await metis.balanceOf(kit.deployment.l1.bridge);
      const supply = await coin.totalSupply();
      const before = await kit.l2.provider.getBalance(address);
      await kit.giveMetis(address, assets);
      expect((await kit.l2.provider.getBalance(address)) - before).to.equal(assets);
      expect((await metis.balanceOf(kit.deployment.l1.bridge)) - held).to.equal(assets);
      expect((await coin.totalSupply()) - supply).to.equal(assets);
    });

    it("gives METIS on Ethereum when told so", async () => {
      const { metis } = contractsOf(kit);
      await kit.giveMetis(kit.accounts.bob.address, assets, "l1");
      expect(await metis.balanceOf(kit.accounts.bob.address)).to.equal(assets);
    });
  });

  describe("giveEth", () => {
    it("adds to what an account has on Ethereum", async () => {
      const { address } = kit.accounts.bob;
      const before = await kit.l1.provider.getBalance(address);
      await kit.giveEth(address, assets);
      expect((await kit.l1.provider.getBalance(address)) - before).to.equal(assets);
    });
  });

  describe("eip1193", () => {
    it("keeps the ledger of METIS for whoever sends without ethers", async () => {
      const { alice, bob } = kit.accounts;
      const coin = IERC20__factory.createInterface();
      const before = await kit.l2.provider.getBalance(bob.address);
      const data = coin.encodeFunctionData("transfer", [bob.address, assets]);
      const request = { from: alice.address, to: predeploys.metis, data };
      await kit.l2.eip1193.request({ method: "eth_sendTransaction", params: [request] });
      expect((await kit.l2.provider.getBalance(bob.address)) - before).to.equal(assets);
    });
  });

  describe("snapshot", () => {
    it("brings both chains back, as often as asked", async () => {
      const blocks = async () => [await kit.l1.provider.getBlockNumber(), await kit.l2.provider.getBlockNumber()];
      const before = await blocks();
      const bringBack = await kit.snapshot();
      await kit.deliverReport();
      await bringBack();
      const first = await blocks();
      await kit.deliverReport();
      await bringBack();
      expect([first, await blocks()]).to.deep.equal([before, before]);
    });

    it("is refused once an older one was restored", async () => {
      const older = await kit.snapshot();
      const newer = await kit.snapshot();
      await older();
      expect(await rejection(newer())).to.be.instanceOf(TestKitError);
    });

    it("takes back what the bridge delivered", async () => {
      const { pool } = contractsOf(kit);
      const bringBack = await kit.snapshot();
      const number = await kit.deliverReport();
      await bringBack();
      expect(await kit.deliverReport()).to.equal(number);
      expect((await pool.solvency()).reportNumber).to.equal(number);
    });
  });
});
