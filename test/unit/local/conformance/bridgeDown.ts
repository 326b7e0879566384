import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import type { ContractOf } from "../../../helpers/chains";
import type { MetisWorld } from "../../../helpers/localMetis";
import { type Subject, standInsOnly } from "./subject";

const amount = parseEther("123") + 7n;
const l2Gas = 250_000n;

/** METIS and messages from L1 to L2. */
export function describeBridgeDown(fixture: () => Promise<MetisWorld>, subject: Subject): void {
  const itOnStandIns = standInsOnly(subject);
  let metis: MetisWorld;
  let token: ContractOf<"LocalMetis">;
  let bridge: ContractOf<"LocalL1StandardBridge">;
  let oracle: ContractOf<"LocalDiscountOracle">;
  let l2Bridge: ContractOf<"LocalL2StandardBridge">;

  beforeEach(async () => {
    metis = await fixture();
    const { l1, l2, metisL1, metisL2 } = metis;
    token = await l1.attach("LocalMetis", metisL1.metis);
    bridge = await l1.attach("LocalL1StandardBridge", metisL1.bridge);
    oracle = await l1.attach("LocalDiscountOracle", metisL1.discountOracle);
    l2Bridge = await l2.attach("LocalL2StandardBridge", metisL2.bridge);
    await metis.giveMetis(l1.signers[0]!.address, 10n * amount);
    await token.approve(bridge, 10n * amount);
  });

  const deposit = async (
    to: string,
    options: { gas?: bigint; value?: bigint; chainId?: number; l2Token?: string } = {},
  ) =>
    bridge.depositERC20ToByChainId(
      options.chainId ?? metis.l2.chainId,
      metis.metisL1.metis,
      options.l2Token ?? metis.metisL2.metis,
      to,
      amount,
      options.gas ?? l2Gas,
      "0x",
      { value: options.value ?? (await metis.quote(options.gas ?? l2Gas)) },
    );
  const balance = (address: string) => metis.l2.provider.getBalance(address);

  describe("a deposit of METIS", () => {
    it("raises the receiver's native balance, which is its ERC-20 balance", async () => {
      const receiver = metis.l2.signers[7]!.address;
      const before = await balance(receiver);
      const coinbase = await metis.l2.attach("LocalMetisCoinbase", metis.metisL2.metis);

      await deposit(receiver);
      await metis.relayer.deliverDown();

      expect(await balance(receiver)).to.equal(before + amount);
      expect(await coinbase.balanceOf(receiver)).to.equal(before + amount);
    });

    it("arrives without running code of the receiver", async () => {
      const probe = await metis.l2.deploy("BridgeProbe", [ZeroAddress]);
      await expect(metis.l2.signers[0]!.sendTransaction({ to: probe, value: 1n })).to.be.reverted;
      await deposit(await probe.getAddress());
      const [delivery] = await metis.relayer.deliverDown();
      expect(delivery!.type).to.equal("relayed");
      expect(await balance(await probe.getAddress())).to.equal(amount);
    });

    it("is counted for the pair, and stays with the bridge", async () => {
      const { l2, metisL1, metisL2 } = metis;
      const counted = await bridge.deposits(metisL1.metis, l2.chainId, metisL2.metis);
      const held = await token.balanceOf(bridge);
      await deposit(l2.signers[7]!.address);
      expect(await bridge.deposits(metisL1.metis, l2.chainId, metisL2.metis)).to.equal(counted + amount);
      expect(await token.balanceOf(bridge)).to.equal(held + amount);
    });

    it("goes to METIS whatever L2 token is named", async () => {
      const receiver = metis.l2.signers[7]!.address;
      const before = await balance(receiver);
      await deposit(receiver, { l2Token: metis.metisL1.bridge });
      await metis.relayer.deliverDown();
      expect(await balance(receiver)).to.equal(before + amount);
    });

    it("says on L2 that it came from token 0", async () => {
      const { l1, l2, metisL2 } = metis;
      await deposit(l2.signers[7]!.address);
      const [message] = await metis.relayer.pendingDown();
      const delivery = await metis.relayer.executeDown(message!);
      const receipt = delivery.type === "reverted" ? null : delivery.receipt;
      const [event] = await l2Bridge.queryFilter(l2Bridge.filters.DepositFinalized(), receipt!.blockNumber);
      expect([...event!.args]).to.deep.equal([
        ZeroAddress,
        metisL2.metis,
        l1.signers[0]!.address,
        l2.signers[7]!.address,
        amount,
        "0x",
      ]);
    });

    it("to the zero address is lost: it fails at every delivery", async () => {
      await deposit(ZeroAddress);
      const [delivery] = await metis.relayer.deliverDown();
      expect(delivery!.type).to.equal("failed");
      const replay = await metis.relayer.replayDown(delivery!.message, 1_000_000n);
      expect((await metis.relayer.executeDown(replay)).type).to.equal("failed");
    });

    it("of 0 is carried like any other", async () => {
      const { l2, metisL1, metisL2 } = metis;
      await bridge.depositERC20ToByChainId(l2.chainId, metisL1.metis, metisL2.metis, l2.signers[7]!, 0n, l2Gas, "0x", {
        value: await metis.quote(l2Gas),
      });
      const [delivery] = await metis.relayer.deliverDown();
      expect(delivery!.type).to.equal("relayed");
    });

    itOnStandIns("through a function without a chain id goes to chain 1088", async () => {
      const { l1, l2, metisL1, metisL2 } = metis;
      const addressManager = await l1.attach("LocalAddressManager", metisL1.addressManager);
      await addressManager.setAddress("1088_MVM_Sequencer", l1.signers[9]!);
      await expect(bridge.depositERC20To(metisL1.metis, metisL2.metis, l2.signers[7]!, amount, l2Gas, "0x"))
        .to.emit(bridge, "ERC20ChainID")
        .withArgs(1088n);
      expect(await bridge.deposits(metisL1.metis, 1088n, metisL2.metis)).to.equal(amount);
    });
  });

  describe("the fee down", () => {
    itOnStandIns("is the discount times the gas, never less than the oracle's least gas", async () => {
      const receiver = metis.l2.signers[7]!.address;
      await oracle.setDiscount(3n);
      await oracle.setMinL2Gas(300_000n);
      await expect(deposit(receiver, { gas: 250_000n, value: 899_999n })).to.be.revertedWith(
        "insufficient fee supplied. send at least 900000",
      );
      await expect(deposit(receiver, { gas: 400_000n, value: 1_199_999n })).to.be.revertedWith(
        "insufficient fee supplied. send at least 1200000",
      );
      await deposit(receiver, { gas: 250_000n, value: 900_000n });
      await deposit(receiver, { gas: 400_000n, value: 1_200_000n });
      const gasLimits = (await metis.relayer.pendingDown()).map(({ gasLimit }) => gasLimit);
      expect(gasLimits).to.deep.equal([300_000n, 400_000n]);
    });

    itOnStandIns("is all that was sent: Metis keeps the surplus", async () => {
      const { l1, metisL1 } = metis;
      const book = await l1.attach("LocalAddressManager", metisL1.addressManager);
      const receiver = await book.getFunction("getAddress").staticCall(`${metis.l2.chainId}_MVM_Sequencer`);
      const before = await l1.provider.getBalance(receiver);
      await deposit(metis.l2.signers[7]!.address, { value: 12_345n });
      expect(await l1.provider.getBalance(receiver)).to.equal(before + 12_345n);
    });

    itOnStandIns("has no floor of its own: the queue refuses less than 100,000 gas", async () => {
      await oracle.setMinL2Gas(0n);
      await expect(deposit(metis.l2.signers[7]!.address, { gas: 99_999n })).to.be.revertedWith(
        "Transaction gas limit too low to enqueue.",
      );
    });

    itOnStandIns("is read from the oracle that the address book names now", async () => {
      const { l1, l2, metisL1 } = metis;
      const addressManager = await l1.attach("LocalAddressManager", metisL1.addressManager);
      const other = await l1.deploy("LocalDiscountOracle", [metisL1.addressManager, 2n]);
      await other.setWhitelistedXDomainSender(bridge, true);
      await addressManager.setAddress("MVM_DiscountOracle", other);
      await expect(deposit(l2.signers[7]!.address)).to.be.revertedWith(
        "insufficient fee supplied. send at least 500000",
      );
    });
  });

  describe("a message down", () => {
    it("is for whitelisted senders only", async () => {
      const { l1, l2, metisL1 } = metis;
      const messenger = await l1.attach("LocalL1Messenger", metisL1.messenger);
      await expect(messenger.sendMessageViaChainId(l2.chainId, l2.signers[7]!, "0x", l2Gas)).to.be.revertedWith(
        "sender is not whitelisted",
      );
    });

    it("that ran out of gas can be replayed by anyone with more", async () => {
      const receiver = metis.l2.signers[7]!.address;
      const before = await balance(receiver);
      await deposit(receiver);
      const [delivery] = await metis.relayer.deliverDown(undefined, { gasLimit: 60_000n });
      expect(delivery!.type).not.to.equal("relayed");
      expect(await balance(receiver)).to.equal(before);

      await metis.relayer.replayDown(delivery!.message, 1_000_000n, metis.l1.signers[9]);
      const [replay] = await metis.relayer.deliverDown();
      expect(replay!.type).to.equal("relayed");
      expect(await balance(receiver)).to.equal(before + amount);
    });

    it("that succeeded is never executed again, replayed or not", async () => {
      const receiver = metis.l2.signers[7]!.address;
      await deposit(receiver);
      const [delivery] = await metis.relayer.deliverDown();
      const after = await balance(receiver);
      const replay = await metis.relayer.replayDown(delivery!.message, 1_000_000n);
      const again = await metis.relayer.executeDown(replay);
      expect(again.type === "reverted" && again.reason).to.include("Provided message has already been received.");
      expect(await balance(receiver)).to.equal(after);
    });

    it("that was never sent cannot be replayed", async () => {
      await deposit(metis.l2.signers[7]!.address);
      const [message] = await metis.relayer.pendingDown();
      const forged = { ...message!, sender: metis.l1.signers[1]!.address };
      await expect(metis.relayer.replayDown(forged, 1_000_000n)).to.be.revertedWith(
        "Provided message has not been enqueued.",
      );
    });

    it("comes from the alias of the L1 messenger and from nobody else", async () => {
      const { l2, metisL1, metisL2 } = metis;
      const messenger = await l2.attach("LocalL2Messenger", metisL2.messenger);
      for (const caller of [l2.signers[0]!.address, metisL1.messenger]) {
        await expect(
          messenger.connect(await l2.impersonate(caller)).relayMessage(metisL2.bridge, metisL1.bridge, "0x", 0n),
        ).to.be.revertedWith("Provided message could not be verified.");
      }
    });

    it("is minted for the L1 bridge alone", async () => {
      const { l2, metisL2 } = metis;
      await expect(
        l2Bridge.finalizeDeposit(ZeroAddress, metisL2.metis, l2.signers[0]!, l2.signers[0]!, 1n, "0x"),
      ).to.be.revertedWith("OVM_XCHAIN: messenger contract unauthenticated");
      const messenger = await l2.attach("LocalL2Messenger", metisL2.messenger);
      await expect(messenger.xDomainMessageSender()).to.be.revertedWith("xDomainMessageSender is not set");
    });
  });
}
