import { expect } from "chai";
import { ZeroAddress, parseEther } from "ethers";

import type { ContractOf } from "../../../helpers/chains";
import type { MetisWorld } from "../../../helpers/localMetis";
import { type Subject, standInsOnly } from "./subject";

const amount = parseEther("5") + 1n;

/** METIS on L2: the native coin and the ERC-20 are one ledger. */
export function describeLedger(fixture: () => Promise<MetisWorld>, subject: Subject): void {
  const itOnStandIns = standInsOnly(subject);
  let metis: MetisWorld;
  let coinbase: ContractOf<"LocalMetisCoinbase">;

  beforeEach(async () => {
    metis = await fixture();
    coinbase = await metis.l2.attach("LocalMetisCoinbase", metis.metisL2.metis);
  });

  const from = () => metis.l2.signers[3]!;
  const to = () => metis.l2.signers[4]!;
  const balances = async (address: string) => [
    await metis.l2.provider.getBalance(address),
    await coinbase.balanceOf(address),
  ];

  it("shows the native balance of everyone as the ERC-20 balance", async () => {
    const [native, erc20] = await balances(from().address);
    expect(erc20).to.equal(native);
  });

  itOnStandIns("follows a native payment", async () => {
    const before = await coinbase.balanceOf(to());
    await from().sendTransaction({ to: to(), value: amount });
    expect(await coinbase.balanceOf(to())).to.equal(before + amount);
  });

  itOnStandIns("moves native METIS by an ERC-20 transfer", async () => {
    const changes = await metis.l2.coinChanges(() => coinbase.connect(from()).transfer(to(), amount), [from(), to()]);
    expect(changes).to.deep.equal([-amount, amount]);
    const [native, erc20] = await balances(to().address);
    expect(erc20).to.equal(native);
  });

  itOnStandIns("reaches a contract by an ERC-20 transfer without running its code", async () => {
    const probe = await metis.l2.deploy("BridgeProbe", [ZeroAddress]);
    await coinbase.connect(from()).transfer(probe, amount);
    expect(await balances(await probe.getAddress())).to.deep.equal([amount, amount]);
  });

  itOnStandIns("moves native METIS by allowance", async () => {
    await coinbase.connect(from()).approve(to(), amount);
    const [change] = await metis.l2.coinChanges(
      () => coinbase.connect(to()).transferFrom(from(), metis.l2.signers[5]!, amount),
      [from()],
    );
    expect(change).to.equal(-amount);
    await expect(coinbase.connect(to()).transferFrom(from(), to(), 1n)).to.be.revertedWith(
      "ERC20: transfer amount exceeds allowance",
    );
  });

  it("transfers no more than there is", async () => {
    const poor = await metis.l2.impersonate("0x00000000000000000000000000000000000000A7");
    const held = await coinbase.balanceOf(poor);
    await expect(coinbase.connect(poor).transfer(to(), held + 1n)).to.be.revertedWith(
      "ERC20: transfer amount exceeds balance",
    );
  });

  it("is minted and burned by the bridge alone", async () => {
    await expect(coinbase.mint(to(), 1n)).to.be.revertedWith("Only L2 Bridge can mint and burn");
    await expect(coinbase.burn(from(), 1n)).to.be.revertedWith("Only L2 Bridge can mint and burn");
  });

  it("answers ERC-165 as a token of the bridge, with L1 token 0", async () => {
    expect(await coinbase.supportsInterface("0x01ffc9a7")).to.equal(true);
    expect(await coinbase.supportsInterface("0x1d1d8b63")).to.equal(true);
    expect(await coinbase.supportsInterface("0xffffffff")).to.equal(false);
    expect(await coinbase.l1Token()).to.equal(ZeroAddress);
  });

  itOnStandIns("counts its supply", async () => {
    const before = await coinbase.totalSupply();
    const bridge = coinbase.connect(await metis.l2.impersonate(metis.metisL2.bridge));
    await bridge.mint(to(), amount);
    expect(await coinbase.totalSupply()).to.equal(before + amount);
    await bridge.burn(to(), amount - 1n);
    expect(await coinbase.totalSupply()).to.equal(before + 1n);
  });
}
