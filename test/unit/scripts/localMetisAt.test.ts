import { expect } from "chai";
import { ZeroHash, getAddress, parseEther } from "ethers";

import { type LocalMetisL1, deployLocalMetisL1, deployLocalMetisL2 } from "../../../scripts/lib/localMetis";
import { moveContract } from "../../../scripts/lib/movedContract";
import { createRelayer } from "../../../scripts/lib/relayer";
import { type Chains, createFixture } from "../../helpers/chains";

/** Sepolia's addresses of Metis's contracts. */
const at = {
  metis: "0x7f49160EB9BB068101d445fe77E17ecDb37D0B47",
  lockingPool: "0x7591940125cC0344a65D60319d1ADcD463B2D4c3",
  lockingInfo: "0x390A6fE63385522E87e248BC5200f7d3a02F994b",
  bridge: "0x9848dE505e6Aa301cEecfCf23A0a150140fc996e",
  messenger: "0x4542c621eEe9fC533c2e6bd80880C89990EE10cD",
  addressManager: "0xa66Fa1eD0f1C1ee300893B4eb5493FeAD9a7e9c3",
  discountOracle: "0x4fd947DfF05a255F78E355C23c8B2E98bf029126",
  transactionChain: "0x5435d351e0aCc874579eC67Ba46440ee6AC892b8",
} as const;

const implementationSlot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";

describe("The local network's Metis at given addresses", () => {
  const fixture = createFixture(async (chains: Chains) => {
    const [signer, l2Signer] = [chains.l1.signers[0]!, chains.l2.signers[0]!];
    const addresses = await deployLocalMetisL1(signer, { l2ChainId: chains.l2.chainId, lockingPool: "sepolia", at });
    await deployLocalMetisL2(l2Signer, { l1: addresses });
    return { ...chains, addresses };
  });
  let world: Chains & { readonly addresses: LocalMetisL1 };

  beforeEach(async () => {
    world = await fixture();
  });

  it("is at all of them, and each contract knows the others there", async () => {
    const { l1, addresses } = world;
    expect(addresses).to.include(at);
    const book = await l1.attach("LocalAddressManager", at.addressManager);
    const names = ["MVM_DiscountOracle", "CanonicalTransactionChain", "Proxy__OVM_L1StandardBridge"];
    const found = await Promise.all(names.map((name) => book.getFunction("getAddress")(name)));
    expect(found).to.deep.equal([at.discountOracle, at.transactionChain, at.bridge]);
    const bridge = await l1.attach("LocalL1StandardBridge", at.bridge);
    expect([await bridge.messenger(), await bridge.metis(), await bridge.addressmgr()]).to.deep.equal([
      at.messenger,
      at.metis,
      at.addressManager,
    ]);
    const pool = await l1.attach("LocalLockingPool", at.lockingPool);
    const info = await l1.attach("LocalLockingInfo", at.lockingInfo);
    expect([await pool.escrow(), await info.manager(), await info.bridge()]).to.deep.equal([
      at.lockingInfo,
      at.lockingPool,
      at.bridge,
    ]);
  });

  it("keeps name, symbol, owner and supply of the token", async () => {
    const { l1 } = world;
    const token = await l1.attach("LocalMetis", at.metis);
    expect([await token.name(), await token.symbol(), await token.owner()]).to.deep.equal([
      "Metis Token",
      "Metis",
      l1.signers[0]!.address,
    ]);
    expect(await token.totalSupply()).to.equal(await token.balanceOf(at.bridge));
  });

  it("carries METIS to the L2", async () => {
    const { l1, l2, addresses } = world;
    const [owner, receiver] = [l1.signers[0]!, l2.signers[7]!.address];
    const token = await l1.attach("LocalMetis", at.metis);
    const bridge = await l1.attach("LocalL1StandardBridge", at.bridge);
    const l2Metis = "0xDeadDeAddeAddEAddeadDEaDDEAdDeaDDeAD0000";
    const before = await l2.provider.getBalance(receiver);
    await token.mint(owner, parseEther("3"));
    await token.approve(bridge, parseEther("3"));
    await bridge.depositERC20ToByChainId(l2.chainId, token, l2Metis, receiver, parseEther("3"), 250_000n, "0x");
    const relayer = createRelayer({ l1: owner, l2: l2.provider, addresses });
    expect((await relayer.deliverDown()).map(({ type }) => type)).to.deep.equal(["relayed"]);
    expect(await l2.provider.getBalance(receiver)).to.equal(before + parseEther("3"));
  });

  it("cannot be initialised again", async () => {
    const pool = await world.l1.attach("LocalLockingPool", at.lockingPool);
    await expect(pool.initialize(at.lockingInfo)).to.be.revertedWith("Initializable: contract is already initialized");
  });

  describe("moveContract", () => {
    it("leaves nothing where the contract was", async () => {
      const { l1 } = world;
      const token = await l1.deploy("LocalMetis", [l1.signers[0]!]);
      const from = await token.getAddress();
      await moveContract(l1.provider, from, "0x00000000000000000000000000000000000000A1");
      expect(await l1.provider.getCode(from)).to.equal("0x");
      expect(await l1.provider.getStorage(from, 3)).to.equal(ZeroHash);
    });

    it("takes the implementation of a proxy along", async () => {
      const { l1 } = world;
      const to = getAddress("0x00000000000000000000000000000000000000a2");
      const implementation = await l1.deploy("LocalLockingPool", []);
      const proxy = await l1.deploy("LocalProxy", [implementation, l1.signers[3]!, "0x"]);
      await moveContract(l1.provider, await proxy.getAddress(), to);
      expect(BigInt(await l1.provider.getStorage(to, implementationSlot))).to.equal(
        BigInt(await implementation.getAddress()),
      );
    });

    it("refuses an address that has code", async () => {
      const { l1 } = world;
      const token = await l1.deploy("LocalMetis", [l1.signers[0]!]);
      let message = "";
      await moveContract(l1.provider, await token.getAddress(), at.metis).catch((error: unknown) => {
        message = String(error);
      });
      expect(message).to.equal(`Error: ${at.metis} has code already: no contract can be put there`);
    });
  });
});
