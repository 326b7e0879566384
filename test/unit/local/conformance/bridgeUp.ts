import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import type { ContractOf } from "../../../helpers/chains";
import type { MetisWorld } from "../../../helpers/localMetis";
import { type Subject, standInsOnly } from "./subject";

const amount = parseEther("77") + 5n;
const challengeWindow = 604_800;

/** METIS and messages from L2 to L1. */
export function describeBridgeUp(fixture: () => Promise<MetisWorld>, subject: Subject): void {
  const itOnStandIns = standInsOnly(subject);
  let metis: MetisWorld;
  let token: ContractOf<"LocalMetis">;
  let bridge: ContractOf<"LocalL1StandardBridge">;
  let l2Bridge: ContractOf<"LocalL2StandardBridge">;
  let gasOracle: ContractOf<"LocalGasPriceOracle">;
  let fee: bigint;

  beforeEach(async () => {
    metis = await fixture();
    const { l1, l2, metisL1, metisL2 } = metis;
    token = await l1.attach("LocalMetis", metisL1.metis);
    bridge = await l1.attach("LocalL1StandardBridge", metisL1.bridge);
    l2Bridge = await l2.attach("LocalL2StandardBridge", metisL2.bridge);
    gasOracle = await l2.attach("LocalGasPriceOracle", metisL2.gasPriceOracle);
    fee = await gasOracle.minErc20BridgeCost();
  });

  const from = () => metis.l2.signers[3]!;
  const receiver = () => metis.l1.signers[8]!.address;
  const withdraw = (value = fee) => l2Bridge.connect(from()).withdrawMetisTo(receiver(), amount, 0, "0x", { value });

  describe("a withdrawal of METIS", () => {
    it("burns the caller's native METIS, without allowance, beside the fee", async () => {
      const changes = await metis.l2.coinChanges(withdraw, [from(), metis.metisL2.bridge]);
      expect(changes).to.deep.equal([-(amount + fee), 0n]);
    });

    it("wants at least the oracle's fee", async () => {
      await expect(withdraw(fee - 1n)).to.be.revertedWith(`insufficient withdrawal fee supplied. need at least ${fee}`);
    });

    it("gives all of the value to the sequencers, the surplus too", async () => {
      const [change] = await metis.l2.coinChanges(() => withdraw(fee + 9n), [metis.metisL2.sequencerFeeVault]);
      expect(change).to.equal(fee + 9n);
    });

    it("needs the amount after the fee was paid", async () => {
      const { l2, metisL2 } = metis;
      const probe = await l2.deploy("BridgeProbe", [ZeroAddress]);
      await l2.setBalance(probe, amount - 1n);
      await expect(probe.withdrawMetis(metisL2.bridge, receiver(), amount, { value: fee })).to.be.revertedWith(
        "ERC20: burn amount exceeds balance",
      );
      await l2.setBalance(probe, amount);
      await probe.withdrawMetis(metisL2.bridge, receiver(), amount, { value: fee });
      expect(await l2.provider.getBalance(probe)).to.equal(0n);
    });

    it("is paid on L1 as a plain transfer", async () => {
      const { l1, relayer } = metis;
      const before = await token.balanceOf(receiver());
      await withdraw();
      await relayer.commitUp();
      await l1.increase(challengeWindow);
      expect((await relayer.deliverUp()).map(({ type }) => type)).to.deep.equal(["relayed"]);
      expect(await token.balanceOf(receiver())).to.equal(before + amount);
    });

    itOnStandIns("is relayed by anybody, once the challenge window is over", async () => {
      const { l1, relayer } = metis;
      await withdraw();
      const [message] = await relayer.commitUp();
      await l1.setNextBlockTimestamp(message!.relayableAt! - 1);
      await l1.mine();
      expect(await relayer.deliverUp()).to.have.length(0);

      await l1.increaseTo(message!.relayableAt!);
      const [delivery] = await relayer.deliverUp();
      expect(delivery!.type).to.equal("relayed");
      expect(await token.balanceOf(receiver())).to.equal(amount);
      expect(await relayer.pendingUp()).to.have.length(0);
    });

    itOnStandIns("takes the challenge window from the state batch, not from the withdrawal", async () => {
      const { l1, relayer } = metis;
      await withdraw();
      await l1.increase(challengeWindow);
      expect(await relayer.deliverUp()).to.have.length(0);
      const [message] = await relayer.commitUp();
      expect(message!.relayableAt).to.equal((await l1.now()) + challengeWindow);
    });

    itOnStandIns("cannot be relayed early or twice", async () => {
      const { l1, l2, metisL1, relayer } = metis;
      const messenger = await l1.attach("LocalL1Messenger", metisL1.messenger);
      await withdraw();
      const [message] = await relayer.commitUp();
      const { target, sender, message: data, nonce } = message!;
      const header = {
        batchIndex: 0,
        batchRoot: `0x${"00".repeat(32)}`,
        batchSize: 0,
        prevTotalElements: 0,
        extraData: "0x",
      };
      const proof = {
        stateRoot: header.batchRoot,
        stateRootBatchHeader: header,
        stateRootProof: { index: 0, siblings: [] },
        stateTrieWitness: "0x",
        storageTrieWitness: "0x",
      };
      const relay = () =>
        messenger.connect(l1.signers[9]).relayMessageViaChainId(l2.chainId, target, sender, data, nonce, proof);

      await expect(relay()).to.be.revertedWith("Provided message could not be verified.");
      await l1.increase(challengeWindow);
      await relay();
      await expect(relay()).to.be.revertedWith("Provided message has already been received.");
    });

    itOnStandIns("above what was ever deposited fails on L1, and can be tried again later", async () => {
      const { l1, l2, metisL1, metisL2, relayer } = metis;
      const counted = await bridge.deposits(metisL1.metis, l2.chainId, metisL2.metis);
      const coinbase = await l2.attach("LocalMetisCoinbase", metisL2.metis);
      await coinbase.connect(await l2.impersonate(metisL2.bridge)).mint(from(), counted + 1n);
      await l2Bridge.connect(from()).withdrawMetisTo(receiver(), counted + 1n, 0, "0x", { value: fee });
      await relayer.commitUp();
      await l1.increase(challengeWindow);
      expect((await relayer.deliverUp())[0]!.type).to.equal("failed");

      await metis.giveMetis(l1.signers[0]!.address, 1n);
      await token.approve(bridge, 1n);
      await bridge.depositERC20ToByChainId(l2.chainId, metisL1.metis, metisL2.metis, receiver(), 1n, 250_000, "0x");
      expect((await relayer.deliverUp())[0]!.type).to.equal("relayed");
      expect(await token.balanceOf(receiver())).to.equal(counted + 1n);
    });

    it("of 0 is carried like any other", async () => {
      const { l1, relayer } = metis;
      await l2Bridge.connect(from()).withdrawMetisTo(receiver(), 0n, 0, "0x", { value: fee });
      await relayer.commitUp();
      await l1.increase(challengeWindow);
      expect((await relayer.deliverUp())[0]!.type).to.equal("relayed");
    });
  });

  describe("a message up", () => {
    it("is for whitelisted senders only", async () => {
      const { l2, metisL2 } = metis;
      const messenger = await l2.attach("LocalL2Messenger", metisL2.messenger);
      await expect(messenger.sendMessage(receiver(), "0x", 0)).to.be.revertedWith(
        "L2 to L1 messages are restricted to whitelisted senders.",
      );
    });

    it("pays out for the L2 bridge alone", async () => {
      const { l2, metisL1 } = metis;
      await expect(
        bridge.finalizeMetisWithdrawalByChainId(l2.chainId, receiver(), receiver(), 1n, "0x"),
      ).to.be.revertedWith("OVM_XCHAIN: messenger contract unauthenticated");
      const messenger = await metis.l1.attach("LocalL1Messenger", metisL1.messenger);
      await expect(messenger.xDomainMessageSender()).to.be.revertedWith("xDomainMessageSender is not set");
    });
  });
}
