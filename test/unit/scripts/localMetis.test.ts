import { expect } from "chai";
import { computeAddress, dataLength, keccak256 } from "ethers";

import {
  type LocalMetisL1,
  addSequencers,
  nextBatch,
  sequencerKey,
  submitRewards,
  upgradeLockingPool,
} from "../../../scripts/lib/localMetis";
import { type Chain, type ContractOf, createFixture } from "../../helpers/chains";
import { type LocalMetis, deployLocalMetis } from "../../helpers/localMetis";

describe("The local network's Metis", () => {
  const fixture = createFixture((chains) => deployLocalMetis(chains));
  let metis: LocalMetis;
  let l1: Chain;
  let addresses: LocalMetisL1;
  let pool: ContractOf<"LocalLockingPool">;

  beforeEach(async () => {
    metis = await fixture();
    ({ l1, metisL1: addresses } = metis);
    pool = await l1.attach("LocalLockingPool", addresses.lockingPool);
  });

  it("starts as Metis is now: free messages down, 0.5 METIS up, 20,000 to 100,000 METIS a sequencer", async () => {
    const info = await l1.attach("LocalLockingInfo", addresses.lockingInfo);
    const oracle = await l1.attach("LocalDiscountOracle", addresses.discountOracle);
    const gasOracle = await metis.l2.attach("LocalGasPriceOracle", metis.metisL2.gasPriceOracle);
    expect([await oracle.getDiscount(), await oracle.getMinL2Gas()]).to.deep.equal([0n, 200_000n]);
    expect(await gasOracle.minErc20BridgeCost()).to.equal(5n * 10n ** 17n);
    expect([await info.minLock(), await info.maxLock()]).to.deep.equal([20_000n * 10n ** 18n, 100_000n * 10n ** 18n]);
    expect([await pool.exitDelayPeriod(), await pool.currentBatch()]).to.deep.equal([1_814_400n, 1n]);
  });

  it("cannot be initialised again", async () => {
    const messenger = await l1.attach("LocalL1Messenger", addresses.messenger);
    const l2Messenger = await metis.l2.attach("LocalL2Messenger", metis.metisL2.messenger);
    const refusal = "Initializable: contract is already initialized";
    await expect(pool.initialize(addresses.lockingInfo)).to.be.revertedWith(refusal);
    await expect(messenger.initialize(addresses.addressManager)).to.be.revertedWith(refusal);
    await expect(l2Messenger.initialize(addresses.messenger)).to.be.revertedWith(refusal);
  });

  describe("sequencerKey", () => {
    it("is the same at every call, and its signer the address of its 64 bytes", () => {
      const key = sequencerKey("north");
      expect(sequencerKey("north")).to.deep.equal(key);
      expect(sequencerKey("south").signer).not.to.equal(key.signer);
      expect(dataLength(key.pubkey)).to.equal(64);
      expect(`0x${keccak256(key.pubkey).slice(26)}`).to.equal(key.signer.toLowerCase());
      expect(computeAddress(key.privateKey)).to.equal(key.signer);
    });
  });

  describe("addSequencers", () => {
    it("locks as many strangers as are asked for, in all", async () => {
      const keys = await addSequencers(l1.provider, addresses, 3);
      await addSequencers(l1.provider, addresses, 4);
      expect(await pool.totalSequencers()).to.equal(4n);
      expect(await pool.seqSigners(keys[2]!.signer)).to.equal(3n);
    });
  });

  describe("submitRewards", () => {
    it("pays the blocks of each signer and opens the next batch", async () => {
      const [first, second] = await addSequencers(l1.provider, addresses, 2);
      const batch = await submitRewards(l1.provider, addresses, {
        signers: [first!.signer, second!.signer],
        blocks: [2n, 3n],
      });
      expect(batch).to.equal(2n);
      const { reward } = await pool.sequencers(2n);
      expect(reward).to.equal(3n * 12_478_422_370_000_000n);
    });
  });

  describe("nextBatch", () => {
    it("opens the next batch, on an empty pool too", async () => {
      expect(await nextBatch(l1.provider, addresses)).to.equal(2n);
      expect(await nextBatch(l1.provider, addresses)).to.equal(3n);
      expect(await pool.currentBatch()).to.equal(3n);
    });
  });

  describe("upgradeLockingPool", () => {
    it("changes the rules under positions that stay", async () => {
      const [key] = await addSequencers(l1.provider, addresses, 1);
      const owner = await l1.impersonate(key!.signer);
      await expect(pool.connect(owner).unlock(1n, 0)).to.be.revertedWith("BFT restriction");
      await upgradeLockingPool(l1.signers[0]!, addresses, "sepolia");
      await pool.connect(owner).unlock(1n, 0);
      expect((await pool.sequencers(1n)).unlockClaimTime).to.be.greaterThan(0n);
    });

    it("is for the admin of the proxy, whom nobody else is", async () => {
      const proxy = await l1.attach("LocalProxy", addresses.lockingPool);
      await expect(proxy.upgradeTo(addresses.lockingInfo)).to.be.reverted;
    });
  });
});
