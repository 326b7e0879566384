import { expect } from "chai";
import { AbiCoder, ZeroAddress, getAddress, keccak256, toBeHex, zeroPadValue } from "ethers";

import { createFixture } from "../../helpers/chains";
import { arrive, deployLockManager, discount, messageFee, metisFee, raiseNeed } from "../../helpers/lockManager";

const L2_METIS = "0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000";

describe("L1Gateway", () => {
  const fixture = createFixture(async (chains) => {
    const world = await deployLockManager(chains);
    return { ...world, asManager: world.gateway.connect(await world.l1.impersonate(world.deployment.l1.lockManager)) };
  });

  describe("a message", () => {
    const payloadHash = keccak256("0x1234");

    it("is bound to both chains, both gateways and its number", async () => {
      const { gateway, l1, l2ChainId } = await fixture();
      const expected = keccak256(
        AbiCoder.defaultAbiCoder().encode(
          ["uint256", "uint256", "address", "address", "uint256", "bytes32"],
          [l1.chainId, l2ChainId, gateway.target, await gateway.l2Gateway(), 7n, payloadHash],
        ),
      );
      expect(await gateway.messageHash(7n, payloadHash)).to.equal(expected);
    });

    it("crosses as a deposit of this gateway by itself: high 160 bits as receiver, low 96 as amount", async () => {
      const { asManager, gateway, bridge, l2ChainId } = await fixture();
      const hash = BigInt(await gateway.messageHash(7n, payloadHash));
      const amount = hash & (2n ** 96n - 1n);
      const self = await gateway.getAddress();
      const peer = await gateway.l2Gateway();
      await asManager.sendMessage(7n, payloadHash, { value: messageFee });
      const [sent] = await bridge.queryFilter(bridge.filters.ERC20DepositInitiated(), "latest");
      const { l1Token, l2Token, from, to } = sent!.args;
      expect([l1Token, l2Token, from, to, sent!.args.amount]).to.deep.equal([
        self,
        peer,
        self,
        getAddress(zeroPadValue(toBeHex(hash >> 96n), 20)),
        amount,
      ]);
      expect(await bridge.deposits(self, l2ChainId, peer)).to.equal(amount);
    });

    it("takes exactly the fee", async () => {
      const { asManager } = await fixture();
      for (const value of [messageFee - 1n, messageFee + 1n]) {
        await expect(asManager.sendMessage(1n, payloadHash, { value }))
          .to.be.revertedWithCustomError(asManager, "L1Gateway__WrongFee")
          .withArgs(value, messageFee);
      }
    });

    it("is refused when the bridge does not take it", async () => {
      const { asManager, l1, metis, oracle } = await fixture();
      await oracle.setDiscount(0n);
      const addressmgr = metis.addressManager.slice(2).toLowerCase();
      // Answers every call with the address book and does nothing.
      await l1.setCode(metis.bridge, `0x73${addressmgr}60005260206000f3`);
      await expect(asManager.sendMessage(1n, payloadHash)).to.be.revertedWithCustomError(
        asManager,
        "L1Gateway__MessageNotTaken",
      );
    });

    it("comes from LockManager only", async () => {
      const { gateway, carol, asBridge } = await fixture();
      await expect(gateway.connect(carol).sendMessage(1n, payloadHash, { value: messageFee }))
        .to.be.revertedWithCustomError(gateway, "L1Gateway__OnlyLockManager")
        .withArgs(carol.address);
      await expect(asBridge.sendMessage(1n, payloadHash, { value: messageFee })).to.be.revertedWithCustomError(
        gateway,
        "L1Gateway__OnlyLockManager",
      );
    });
  });

  describe("METIS", () => {
    it("goes to the gateway on Metis as native METIS", async () => {
      const world = await fixture();
      const { asManager, gateway, bridge, token, manager } = world;
      await arrive(world, 100n);
      await token.connect(await world.l1.impersonate(manager)).approve(gateway, 60n);
      await expect(asManager.sendMetis(60n, { value: metisFee }))
        .to.emit(gateway, "MetisSent")
        .withArgs(60n);
      const [sent] = await bridge.queryFilter(bridge.filters.ERC20DepositInitiated(), "latest");
      expect([sent!.args.l1Token, sent!.args.l2Token, sent!.args.to, sent!.args.amount]).to.deep.equal([
        await token.getAddress(),
        L2_METIS,
        await gateway.l2Gateway(),
        60n,
      ]);
      expect(await token.allowance(gateway, bridge)).to.equal(0n);
    });

    it("takes exactly the fee", async () => {
      const { asManager } = await fixture();
      await expect(asManager.sendMetis(1n))
        .to.be.revertedWithCustomError(asManager, "L1Gateway__WrongFee")
        .withArgs(0n, metisFee);
    });

    it("comes from LockManager only", async () => {
      const { gateway, carol } = await fixture();
      await expect(gateway.connect(carol).sendMetis(1n, { value: metisFee }))
        .to.be.revertedWithCustomError(gateway, "L1Gateway__OnlyLockManager")
        .withArgs(carol.address);
    });
  });

  describe("the channel down", () => {
    it("cannot be used by a stranger's deposit of this gateway, whatever the amount", async () => {
      const { gateway, bridge, carol, l2ChainId } = await fixture();
      const self = await gateway.getAddress();
      const peer = await gateway.l2Gateway();
      for (const amount of [0n, 1n, 2n ** 96n - 1n]) {
        await expect(
          bridge
            .connect(carol)
            .depositERC20ToByChainId(l2ChainId, self, peer, carol, amount, 400_000, "0x", { value: messageFee }),
        )
          .to.be.revertedWithCustomError(gateway, "L1Gateway__UnexpectedTransfer")
          .withArgs(carol.address, bridge.target, amount);
      }
    });

    it("answers nobody but the bridge", async () => {
      const { gateway, carol, asManager, bridge } = await fixture();
      await expect(gateway.connect(carol).transferFrom(gateway, bridge, 1n))
        .to.be.revertedWithCustomError(gateway, "L1Gateway__OnlyBridge")
        .withArgs(carol.address);
      await expect(asManager.transferFrom(gateway, bridge, 1n)).to.be.revertedWithCustomError(
        gateway,
        "L1Gateway__OnlyBridge",
      );
    });

    it("answers not even the bridge when nothing is being sent, nothing included", async () => {
      const { gateway, asBridge, bridge, manager } = await fixture();
      await manager.report({ value: messageFee });
      for (const amount of [0n, 1n]) {
        await expect(asBridge.transferFrom(gateway, bridge, amount))
          .to.be.revertedWithCustomError(gateway, "L1Gateway__UnexpectedTransfer")
          .withArgs(gateway.target, bridge.target, amount);
      }
    });
  });

  describe("the channel up", () => {
    const need = (number: bigint, target: bigint) => getAddress(zeroPadValue(toBeHex((number << 96n) | target), 20));

    it("hands a need on to LockManager", async () => {
      const { asBridge, gateway, manager } = await fixture();
      const transaction = asBridge.transfer(need(3n, 2n ** 96n - 1n), 1n);
      await expect(transaction)
        .to.emit(gateway, "NeedArrived")
        .withArgs(3n, 2n ** 96n - 1n);
      await expect(transaction)
        .to.emit(manager, "NeedRaised")
        .withArgs(3n, 2n ** 96n - 1n);
      expect(await asBridge.transfer.staticCall(need(4n, 1n), 1n)).to.equal(true);
    });

    it("hears one unit only: anyone can have the bridge transfer nothing", async () => {
      const { asBridge, gateway, bridge } = await fixture();
      for (const amount of [0n, 2n]) {
        await expect(asBridge.transfer(need(3n, 5n), amount))
          .to.be.revertedWithCustomError(gateway, "L1Gateway__UnexpectedTransfer")
          .withArgs(bridge.target, need(3n, 5n), amount);
      }
    });

    it("hears the bridge only", async () => {
      const { gateway, carol, manager } = await fixture();
      await expect(gateway.connect(carol).transfer(need(3n, 5n), 1n))
        .to.be.revertedWithCustomError(gateway, "L1Gateway__OnlyBridge")
        .withArgs(carol.address);
      expect((await manager.need()).number).to.equal(0n);
    });

    it("passes an older need over in silence, so that the bridge's message is done", async () => {
      const world = await fixture();
      await raiseNeed(world, 5n);
      await world.asBridge.transfer(need(1n, 9n), 1n);
      expect((await world.manager.need()).target).to.equal(5n);
    });
  });

  describe("fees", () => {
    it("are gas times price, the gas never below Metis's least", async () => {
      const { gateway, oracle } = await fixture();
      expect([await gateway.messageFee(), await gateway.metisFee()]).to.deep.equal([messageFee, metisFee]);
      await oracle.setMinL2Gas(300_000n);
      expect([await gateway.messageFee(), await gateway.metisFee()]).to.deep.equal([messageFee, 300_000n * discount]);
      await oracle.setMinL2Gas(2_000_000n);
      expect(await gateway.messageFee()).to.equal(2_000_000n * discount);
      await oracle.setDiscount(0n);
      expect(await gateway.messageFee()).to.equal(0n);
    });

    it("are read from the oracle that Metis names at the time", async () => {
      const { gateway, l1, metis, manager } = await fixture();
      const addresses = await l1.attach("LocalAddressManager", metis.addressManager);
      const next = await l1.deploy("LocalDiscountOracle", [metis.addressManager, 5n]);
      await next.setWhitelistedXDomainSender(metis.bridge, true);
      await addresses.setAddress("MVM_DiscountOracle", next);
      expect(await gateway.messageFee()).to.equal(2_000_000n);
      await manager.report({ value: 2_000_000n });
    });
  });

  describe("its peer", () => {
    it("is set by governance, and part of every hash from then on", async () => {
      const { gateway, governance, bob } = await fixture();
      const before = await gateway.messageHash(1n, keccak256("0x"));
      await expect(gateway.connect(governance).setL2Gateway(bob))
        .to.emit(gateway, "L2GatewaySet")
        .withArgs(bob.address);
      expect(await gateway.l2Gateway()).to.equal(bob.address);
      expect(await gateway.messageHash(1n, keccak256("0x"))).not.to.equal(before);
    });

    it("is never zero, and no stranger's choice", async () => {
      const { gateway, governance, carol } = await fixture();
      await expect(gateway.connect(governance).setL2Gateway(ZeroAddress)).to.be.revertedWithCustomError(
        gateway,
        "L1Gateway__ZeroAddress",
      );
      await expect(gateway.connect(carol).setL2Gateway(carol))
        .to.be.revertedWithCustomError(gateway, "AccessManagedUnauthorized")
        .withArgs(carol.address);
    });

    it("must be known before anything is sent", async () => {
      const { l1, deployment, access, asManager } = await fixture();
      const data = asManager.interface.encodeFunctionData("initialize", [access.target, ZeroAddress] as [
        string,
        string,
      ]);
      const proxy = await l1.deploy("ERC1967Proxy", [deployment.l1.implementations.l1Gateway, data]);
      const fresh = (await l1.attach("L1Gateway", proxy)).connect(asManager.runner);
      await expect(fresh.sendMessage(1n, keccak256("0x"))).to.be.revertedWithCustomError(fresh, "L1Gateway__PeerUnset");
      await expect(fresh.sendMetis(1n)).to.be.revertedWithCustomError(fresh, "L1Gateway__PeerUnset");
    });
  });

  describe("powers", () => {
    const permissionless = ["sweep()"];
    const guarded = ["sendMessage(uint256,bytes32)", "sendMetis(uint256)", "transfer(address,uint256)"];
    const others = ["transferFrom(address,address,uint256)", "initialize(address,address)", "setAuthority(address)"];
    const restricted = ["setL2Gateway(address)", "upgradeToAndCall(address,bytes)"];

    it("are settled for every function that changes state", async () => {
      const { gateway } = await fixture();
      const found: string[] = [];
      gateway.interface.forEachFunction((fragment) => {
        if (!fragment.constant) found.push(fragment.format("sighash"));
      });
      expect(found.sort()).to.deep.equal([...permissionless, ...guarded, ...others, ...restricted].sort());
    });

    it("initialise once, and never the implementation", async () => {
      const { gateway, access, deployment, l1, bob } = await fixture();
      const implementation = await l1.attach("L1Gateway", deployment.l1.implementations.l1Gateway);
      for (const contract of [gateway, implementation]) {
        await expect(contract.initialize(access, bob)).to.be.revertedWithCustomError(contract, "InvalidInitialization");
      }
    });

    it("upgrade by governance only, and keep the peer", async () => {
      const { gateway, governance, carol, deployment, l1, metis, l2ChainId } = await fixture();
      const peer = await gateway.l2Gateway();
      const next = await l1.deploy("L1Gateway", [deployment.l1.lockManager, metis.metis, metis.bridge, l2ChainId]);
      await expect(gateway.connect(carol).upgradeToAndCall(next, "0x")).to.be.revertedWithCustomError(
        gateway,
        "AccessManagedUnauthorized",
      );
      await gateway.connect(governance).upgradeToAndCall(next, "0x");
      expect(await gateway.l2Gateway()).to.equal(peer);
    });
  });
});
