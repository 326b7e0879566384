import { setTimeout } from "node:timers/promises";

import { expect } from "chai";
import { parseEther } from "ethers";

import { localAccountCount, localBalance, localChains } from "../../../scripts/config/localChains";
import { createChain, createFixture, increaseAllTo, sharedChains } from "../../helpers/chains";

const layers = ["l1", "l2"] as const;

describe("Local chains", () => {
  const fixture = createFixture(async ({ l1, l2 }) => ({
    l1,
    l2,
    probes: { l1: await l1.deploy("ChainProbe", [11n]), l2: await l2.deploy("ChainProbe", [22n]) },
  }));

  for (const layer of layers) {
    describe(layer, () => {
      it("shows contracts its own chain id", async () => {
        const { probes } = await fixture();
        expect(await probes[layer].chainId()).to.equal(BigInt(localChains[layer].chainId));
      });

      it("funds every account", async () => {
        const chain = (await sharedChains())[layer];
        await chain.blank.restore();
        const balances = await Promise.all(chain.signers.map(({ address }) => chain.provider.getBalance(address)));
        expect(balances).to.deep.equal(Array<bigint>(localAccountCount).fill(localBalance));
      });

      it("reports events and the errors of contracts", async () => {
        const { probes, [layer]: chain } = await fixture();
        const [deployer] = chain.signers;
        await expect(probes[layer].touch()).to.emit(probes[layer], "Touched").withArgs(deployer, 1n);
        await expect(probes[layer].fail(7n))
          .to.be.revertedWithCustomError(probes[layer], "ChainProbe__Failed")
          .withArgs(7n);
      });

      it("gives the next block the timestamp it is told to, even the latest block's again", async () => {
        const { probes, [layer]: chain } = await fixture();
        const timestamp = (await chain.now()) + 1_000;
        await chain.setNextBlockTimestamp(timestamp);
        await probes[layer].touch();
        await chain.setNextBlockTimestamp(timestamp);
        await probes[layer].touch();
        expect(await chain.now()).to.equal(timestamp);
      });

      it("keeps the latest block's second while the machine's clock goes on", async () => {
        const { probes, [layer]: chain } = await fixture();
        const timestamp = (await chain.now()) + 1_000;
        await chain.increaseTo(timestamp);
        await setTimeout(1_100);
        await probes[layer].touch();
        expect(await chain.now()).to.equal(timestamp);
      });

      it("refuses a timestamp below the latest block's", async () => {
        const { [layer]: chain } = await fixture();
        const timestamp = await chain.now();
        const outcome = await chain.setNextBlockTimestamp(timestamp - 1).catch(String);
        expect(outcome).to.match(/lower/);
      });

      it("mines blocks", async () => {
        const { [layer]: chain } = await fixture();
        const before = await chain.provider.getBlockNumber();
        await chain.mine(17);
        expect(await chain.provider.getBlockNumber()).to.equal(before + 17);
      });

      it("lets a contract's address send transactions", async () => {
        const { probes, [layer]: chain } = await fixture();
        const signer = await chain.impersonate(probes[layer]);
        await expect(probes[layer].connect(signer).touch())
          .to.emit(probes[layer], "Touched")
          .withArgs(probes[layer], 1n);
      });

      it("puts code at an address", async () => {
        const { probes, [layer]: chain } = await fixture();
        const address = "0x4200000000000000000000000000000000000007";
        await chain.setCode(address, (await probes[layer].getDeployedCode()) ?? "0x");
        const moved = await chain.attach("ChainProbe", address);
        expect(await moved.MARK()).to.equal(await probes[layer].MARK());
      });

      it("tells what a transaction changed in balances, its fee left out", async () => {
        const { probes, [layer]: chain } = await fixture();
        const [deployer] = chain.signers;
        const send = () => deployer!.sendTransaction({ to: probes[layer], value: parseEther("3") });
        expect(await chain.coinChanges(send, [deployer!, probes[layer]])).to.deep.equal([
          -parseEther("3"),
          parseEther("3"),
        ]);
      });
    });
  }

  it("restores a fixture however often it is asked", async () => {
    for (let round = 0; round < 3; round++) {
      const { probes } = await fixture();
      expect(await probes.l1.touches()).to.equal(0n);
      expect(await probes.l2.touches()).to.equal(0n);
      await probes.l1.touch();
      await probes.l2.touch();
    }
  });

  it("builds a fixture again after another one had the chains", async () => {
    const other = createFixture(({ l2 }) => l2.deploy("ChainProbe", [33n]));
    await fixture();
    expect(await (await other()).MARK()).to.equal(33n);
    const { probes } = await fixture();
    expect(await probes.l2.MARK()).to.equal(22n);
  });

  it("builds a fixture on top of another", async () => {
    const touched = createFixture(async () => {
      const { probes } = await fixture();
      await probes.l1.touch();
      return probes;
    });
    await touched();
    const probes = await touched();
    expect(await probes.l1.touches()).to.equal(1n);
  });

  it("says when a snapshot is gone, and keeps the others", async () => {
    const { l1 } = await fixture();
    const older = await l1.snapshot();
    const newer = await l1.snapshot();
    await older.restore();
    expect([await newer.restore(), await older.restore(), await l1.blank.restore()]).to.deep.equal([false, true, true]);
  });

  it("moves both chains to the same moment", async () => {
    const { l1, l2 } = await fixture();
    const moment = Math.max(await l1.now(), await l2.now()) + 86_400;
    await increaseAllTo([l1, l2], moment);
    expect([await l1.now(), await l2.now()]).to.deep.equal([moment, moment]);
  });

  it("starts further chains with any id", async () => {
    const metis = await createChain({ ...localChains.l2, chainId: 1088 });
    const probe = await metis.deploy("ChainProbe", [1n]);
    expect(await probe.chainId()).to.equal(1088n);
  });

  it("has no base fee on the L2, as Metis has none", async () => {
    const { l1, l2 } = await fixture();
    expect((await l1.provider.getFeeData()).maxFeePerGas).to.be.a("bigint");
    expect((await l2.provider.getFeeData()).maxFeePerGas).to.be.a("null");
  });
});
