import { expect } from "chai";
import { ZeroAddress, getAddress } from "ethers";

import type { Delivery, DownMessage } from "../../../../scripts/lib/relayer";
import type { ContractOf } from "../../../helpers/chains";
import type { MetisWorld } from "../../../helpers/localMetis";

const l2Gas = 400_000n;
const challengeWindow = 604_800;
const account = getAddress("0xa5c3000000000000000000000000000000001ce9");
const amount = 2n ** 96n - 5n;

/** The bridge as a channel for data: a contract that poses as a token on each side. */
export function describeTokenChannel(fixture: () => Promise<MetisWorld>): void {
  let metis: MetisWorld;
  let l1Probe: ContractOf<"BridgeProbe">;
  let l2Probe: ContractOf<"BridgeProbe">;
  let bridge: ContractOf<"LocalL1StandardBridge">;
  let l2Bridge: ContractOf<"LocalL2StandardBridge">;
  let fee: bigint;
  let down: bigint;

  beforeEach(async () => {
    metis = await fixture();
    const { l1, l2, metisL1, metisL2 } = metis;
    l1Probe = await l1.deploy("BridgeProbe", [ZeroAddress]);
    l2Probe = await l2.deploy("BridgeProbe", [await l1Probe.getAddress()]);
    bridge = await l1.attach("LocalL1StandardBridge", metisL1.bridge);
    l2Bridge = await l2.attach("LocalL2StandardBridge", metisL2.bridge);
    fee = await (await l2.attach("LocalGasPriceOracle", metisL2.gasPriceOracle)).minErc20BridgeCost();
    down = await metis.quote(l2Gas);
  });

  const send = async (value = amount) =>
    l1Probe.depositSelf(metis.metisL1.bridge, metis.l2.chainId, l2Probe, account, value, l2Gas, { value: down });
  const sendUp = (value: bigint) => l2Probe.withdrawSelf(metis.metisL2.bridge, account, value, { value: fee });
  const counted = async () => bridge.deposits(l1Probe, metis.l2.chainId, l2Probe);

  describe("down", () => {
    it("asks the L1 contract for the amount and calls mint on the L2 contract with 256 free bits", async () => {
      await send();
      expect([await l1Probe.pulls(), await l1Probe.lastAccount()]).to.deep.equal([1n, await l1Probe.getAddress()]);
      const [delivery] = await metis.relayer.deliverDown();
      expect(delivery!.type).to.equal("relayed");
      expect([await l2Probe.mints(), await l2Probe.lastAccount(), await l2Probe.lastAmount()]).to.deep.equal([
        1n,
        account,
        amount,
      ]);
    });

    it("sends nothing when the L1 contract refuses", async () => {
      await l1Probe.setRefusing(true);
      await expect(send()).to.be.revertedWithCustomError(l1Probe, "BridgeProbe__Refusing");
      expect(await metis.relayer.pendingDown()).to.have.length(0);
    });

    it("carries an amount of 0", async () => {
      await send(0n);
      expect((await metis.relayer.deliverDown())[0]!.type).to.equal("relayed");
      expect(await l2Probe.mints()).to.equal(1n);
    });

    it("adds the amounts up, and reverts when their sum overflows", async () => {
      await send(2n ** 255n);
      await send(2n ** 255n - 1n);
      expect(await counted()).to.equal(2n ** 256n - 1n);
      await expect(send(1n)).to.be.revertedWithPanic(0x11);
    });

    it("uses the message up, without an answer, when the L2 contract names another L1 token", async () => {
      await l2Probe.setL1Token(account);
      await send();
      const [delivery] = await metis.relayer.deliverDown();
      expect(delivery!.type).to.equal("relayed");
      expect(await l2Bridge.queryFilter(l2Bridge.filters.DepositFailed(), metis.since.l2)).to.have.length(1);
      expect(await metis.relayer.pendingUp()).to.have.length(0);

      await l2Probe.setL1Token(l1Probe);
      const replay = await metis.relayer.replayDown(delivery!.message, 1_000_000n);
      expect((await metis.relayer.executeDown(replay)).type).to.equal("reverted");
      expect(await l2Probe.mints()).to.equal(0n);
    });

    it("uses the message up when nobody lives at the L2 address", async () => {
      await l1Probe.depositSelf(metis.metisL1.bridge, metis.l2.chainId, account, account, 1n, l2Gas, { value: down });
      expect((await metis.relayer.deliverDown())[0]!.type).to.equal("relayed");
      expect(await l2Bridge.queryFilter(l2Bridge.filters.DepositFailed(), metis.since.l2)).to.have.length(1);
    });

    it("keeps the message when mint reverts: anyone replays it", async () => {
      await l2Probe.setRefusing(true);
      await send();
      const [delivery] = await metis.relayer.deliverDown();
      expect(delivery!.type).to.equal("failed");
      await l2Probe.setRefusing(false);
      const replay = await metis.relayer.replayDown(delivery!.message, 500_000n, metis.l1.signers[9]);
      expect((await metis.relayer.executeDown(replay)).type).to.equal("relayed");
      expect(await l2Probe.mints()).to.equal(1n);
    });

    it("is authenticated: a stranger's token in place of the L1 contract never reaches mint", async () => {
      const forger = await metis.l1.deploy("BridgeProbe", [ZeroAddress]);
      await forger.depositSelf(metis.metisL1.bridge, metis.l2.chainId, l2Probe, account, amount, l2Gas, {
        value: down,
      });
      await metis.relayer.deliverDown();
      expect(await l2Probe.mints()).to.equal(0n);
    });

    it("lets strangers name the L1 contract as the token, who alone decides by transferFrom", async () => {
      await l1Probe.setRefusing(true);
      await expect(
        bridge.depositERC20ToByChainId(metis.l2.chainId, l1Probe, l2Probe, account, amount, l2Gas, "0x", {
          value: down,
        }),
      ).to.be.revertedWithCustomError(l1Probe, "BridgeProbe__Refusing");
    });

    it("costs about 205,000 L1 gas after the first, and what carrying its ETH costs", async () => {
      await send(1n);
      const receipt = await (await send()).wait();
      expect(receipt!.gasUsed).to.be.within(180_000n, down === 0n ? 215_000n : 240_000n);
    });

    it("is delivered well within its L2 gas", async () => {
      await send();
      const [delivery] = await metis.relayer.deliverDown();
      expect(gasOf(delivery!)).to.be.lessThan(200_000n);
    });
  });

  describe("up", () => {
    it("burns on L2 and calls transfer on the L1 contract after the challenge window", async () => {
      await send(9n);
      await sendUp(8n);
      expect([await l2Probe.burns(), await l2Probe.lastAccount()]).to.deep.equal([1n, await l2Probe.getAddress()]);
      await metis.relayer.commitUp();
      await metis.l1.increase(challengeWindow);
      expect((await metis.relayer.deliverUp())[0]!.type).to.equal("relayed");
      expect([await l1Probe.payouts(), await l1Probe.lastAccount(), await l1Probe.lastAmount()]).to.deep.equal([
        1n,
        account,
        8n,
      ]);
      expect(await counted()).to.equal(1n);
    });

    it("fails on L1 above what was sent down in total, until more is sent down", async () => {
      await send(9n);
      await sendUp(10n);
      await metis.relayer.commitUp();
      await metis.l1.increase(challengeWindow);
      expect((await metis.relayer.deliverUp())[0]!.type).to.equal("failed");
      await send(1n);
      expect((await metis.relayer.deliverUp())[0]!.type).to.equal("relayed");
      expect(await counted()).to.equal(0n);
    });

    it("carries an amount of 0, even when nothing was sent down", async () => {
      await sendUp(0n);
      await metis.relayer.commitUp();
      await metis.l1.increase(challengeWindow);
      expect((await metis.relayer.deliverUp())[0]!.type).to.equal("relayed");
      expect(await l1Probe.payouts()).to.equal(1n);
    });

    it("stays to be tried again when the L1 contract refuses", async () => {
      await send(9n);
      await sendUp(9n);
      await metis.relayer.commitUp();
      await metis.l1.increase(challengeWindow);
      await l1Probe.setRefusing(true);
      expect((await metis.relayer.deliverUp())[0]!.type).to.equal("failed");
      await l1Probe.setRefusing(false);
      expect((await metis.relayer.deliverUp())[0]!.type).to.equal("relayed");
    });

    it("costs the same fee as METIS", async () => {
      await expect(l2Probe.withdrawSelf(metis.metisL2.bridge, account, 0n, { value: fee - 1n })).to.be.revertedWith(
        `insufficient withdrawal fee supplied. need at least ${fee}`,
      );
    });
  });
}

function gasOf(delivery: Delivery<DownMessage>): bigint {
  if (delivery.type === "reverted") throw new Error(delivery.reason);
  return delivery.receipt.gasUsed;
}
