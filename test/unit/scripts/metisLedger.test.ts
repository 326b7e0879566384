import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { settleMetis } from "../../../scripts/lib/metisLedger";
import { type Chain, type ContractOf, createChain, createFixture } from "../../helpers/chains";
import { deployLocalMetis } from "../../helpers/localMetis";
import { localChains } from "../../../scripts/config/localChains";

const amount = 10n ** 18n + 3n;

describe("The ledger of METIS", () => {
  const fixture = createFixture((chains) => deployLocalMetis(chains));
  let l2: Chain;
  let coinbase: ContractOf<"LocalMetisCoinbase">;

  beforeEach(async () => {
    const metis = await fixture();
    ({ l2 } = metis);
    coinbase = await l2.attach("LocalMetisCoinbase", metis.metisL2.metis);
  });

  /** Sends past the provider, as another process does, so that nothing is settled. */
  const transferUnsettled = async (to: string) => {
    const data = coinbase.interface.encodeFunctionData("transfer", [to, amount]);
    const { provider } = l2;
    await provider.send("evm_setAutomine", [false]);
    await provider.send("eth_sendTransaction", [
      { from: l2.signers[3]!.address, to: coinbase.target, data, gas: "0x40000" },
    ]);
    await provider.send("evm_mine", []);
    await provider.send("evm_setAutomine", [true]);
  };

  it("shows a movement in balanceOf before it is settled, in the native balance after", async () => {
    const to = l2.signers[4]!.address;
    const before = await l2.provider.getBalance(to);
    await transferUnsettled(to);
    expect(await l2.provider.getBalance(to)).to.equal(before);
    expect(await coinbase.balanceOf(to)).to.equal(before + amount);

    const movements = await settleMetis(l2.provider);

    expect(movements.map(({ from, to: receiver, amount: moved }) => [from, receiver, moved])).to.deep.equal([
      [l2.signers[3]!.address, to, amount],
    ]);
    expect(await l2.provider.getBalance(to)).to.equal(before + amount);
    expect(await coinbase.balanceOf(to)).to.equal(before + amount);
    expect(await coinbase.unsettled(to)).to.equal(0n);
    expect(await coinbase.settledCount()).to.equal(await coinbase.movementCount());
  });

  it("settles without a block, and nothing twice", async () => {
    await transferUnsettled(l2.signers[4]!.address);
    const block = await l2.provider.getBlockNumber();
    await settleMetis(l2.provider);
    expect(await settleMetis(l2.provider)).to.have.length(0);
    expect(await l2.provider.getBlockNumber()).to.equal(block);
  });

  it("settles by itself after each transaction of the provider, also when the account pays itself", async () => {
    const self = l2.signers[3]!;
    const [change] = await l2.coinChanges(() => coinbase.connect(self).transfer(self, amount), [self]);
    expect(change).to.equal(0n);
    expect(await settleMetis(l2.provider)).to.have.length(0);
  });

  it("stops when an account has spent what it had burned", async () => {
    await transferUnsettled(l2.signers[4]!.address);
    await l2.setBalance(l2.signers[3]!, amount - 1n);
    const refusal = await settleMetis(l2.provider).catch((error: unknown) => error);
    expect(String(refusal)).to.include("spent 1 wei of METIS");
  });

  it("finds nothing to do on a chain without Metis", async () => {
    const { provider } = await createChain(localChains.l2);
    expect(await settleMetis(provider)).to.have.length(0);
    expect(await provider.getBalance(ZeroAddress)).to.equal(0n);
  });
});
