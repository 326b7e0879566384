import { expect } from "chai";
import { type BigNumberish, toBeHex } from "ethers";

import { mirrorToken } from "../../../../scripts/lib/fork/coinbase";
import { carryByImpersonation } from "../../../../scripts/lib/fork/carrier";
import { SlotError, findBalanceSlot, findSenderSlot, mappingSlot } from "../../../../scripts/lib/fork/slots";
import { localChains } from "../../../../scripts/config/localChains";
import { type Chain, type ContractOf, createChain, createFixture } from "../../../helpers/chains";
import { type LocalMetis, deployLocalMetis } from "../../../helpers/localMetis";

describe("What a fork has to write", () => {
  const fixture = createFixture((chains) => deployLocalMetis(chains));
  let metis: LocalMetis;
  let l1: Chain;

  beforeEach(async () => {
    metis = await fixture();
    ({ l1 } = metis);
  });

  const errorOf = async (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );

  it("is found for balances, and leaves the token as it was", async () => {
    const token = await l1.attach("LocalMetis", metis.metisL1.metis);
    const supply = await token.totalSupply();
    expect(await findBalanceSlot(l1.provider, metis.metisL1.metis)).to.equal(0n);
    expect([await token.totalSupply(), await token.symbol()]).to.deep.equal([supply, "Metis"]);
  });

  it("is not guessed for a contract that keeps no balances", async () => {
    const error = await errorOf(findBalanceSlot(l1.provider, metis.metisL1.metis.replace(/.$/, "0")));
    expect(error).not.to.equal(undefined);
  });

  it("is found for the sender of a message, beside what shares its slot", async () => {
    const { messenger } = metis.metisL1;
    const slot = await findSenderSlot(l1.provider, messenger);
    expect(BigInt(await l1.provider.getStorage(messenger, slot))).to.equal(0xdeadn);
  });

  it("is refused by name for a messenger without a sender", async () => {
    expect(await errorOf(findSenderSlot(l1.provider, metis.metisL1.metis))).to.be.instanceOf(SlotError);
  });

  it("lets the messenger deliver for the L2 bridge, and afterwards speaks for nobody", async () => {
    const { bridge, messenger, metis: address } = metis.metisL1;
    const token = await l1.attach("LocalMetis", address);
    const contract = await l1.attach("LocalL1StandardBridge", bridge);
    const up = await carryByImpersonation(l1.provider, messenger);
    const [receiver, chainId] = ["0x00000000000000000000000000000000000000A5", BigInt(metis.l2.chainId)];
    const call = (amount: BigNumberish) =>
      contract.interface.encodeFunctionData("finalizeMetisWithdrawalByChainId", [
        chainId,
        receiver,
        receiver,
        amount,
        "0x",
      ]);
    const message = { target: bridge, sender: metis.metisL2.bridge, nonce: 0n, hash: toBeHex(1n, 32) };

    expect((await up.relay(chainId, { ...message, sender: receiver, message: call(5n) })).isTaken).to.equal(false);
    expect((await up.relay(chainId, { ...message, message: call(5n) })).isTaken).to.equal(true);

    expect(await token.balanceOf(receiver)).to.equal(5n);
    expect([await up.isRelayed(message.hash), await up.isRelayed(toBeHex(2n, 32))]).to.deep.equal([true, false]);
    const sender = await l1.attach("LocalL1Messenger", messenger);
    await expect(sender.xDomainMessageSender()).to.be.revertedWith("xDomainMessageSender is not set");
  });
});

describe("mirrorToken", () => {
  let chain: Chain;
  let token: ContractOf<"LocalMetis">;

  beforeEach(async () => {
    chain = await createChain(localChains.l2);
    token = await chain.deploy("LocalMetis", [chain.signers[0]!]);
    await mirrorToken(chain.provider, await token.getAddress());
  });

  const both = async (address: string) => [await chain.provider.getBalance(address), await token.balanceOf(address)];

  it("shows native METIS as the token's from the start, and after a payment", async () => {
    const [from, to] = [chain.signers[1]!, "0x00000000000000000000000000000000000000A5"];
    const [native, shown] = await both(from.address);
    expect(shown).to.equal(native);
    await from.sendTransaction({ to, value: 7n });
    expect(await both(to)).to.deep.equal([7n, 7n]);
  });

  it("moves natively what the token moves and mints", async () => {
    const to = "0x00000000000000000000000000000000000000A6";
    await token.mint(to, 11n);
    await token.connect(chain.signers[1]).transfer(to, 5n);
    expect(await both(to)).to.deep.equal([16n, 16n]);
    const [native, shown] = await both(chain.signers[1]!.address);
    expect(shown).to.equal(native);
  });

  it("knows what an account was given by the node", async () => {
    const account = "0x00000000000000000000000000000000000000A7";
    await chain.setBalance(account, 9n);
    await token.mint(chain.signers[1]!, 1n);
    expect(await both(account)).to.deep.equal([9n, 9n]);
    expect(BigInt(await chain.provider.getStorage(token, mappingSlot(account, 0n)))).to.equal(9n);
  });
});
