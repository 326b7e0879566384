import { expect } from "chai";
import { AbiCoder, keccak256, parseEther, toBeHex } from "ethers";

import { type Layer } from "../../../../scripts/config/localChains";
import { sendSurelyAs, setCode } from "../../../../scripts/lib/localNode";
import { predeploys } from "../../../../scripts/lib/predeploys";
import {
  type Verified,
  governanceDoes,
  messagesOn,
  notesOn,
  verifiedProtocol,
  writeSlot,
} from "../../../helpers/verification";

const beaconSlot = "0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50";
const lockManagerSlot = 0x369d7cc2458fed41ecd56e05e96ec1d34666963912221f2c0efca866e05f2000n;
/** Behind the counters, the parameters, the recalls and the payloads. */
const booksSlot = lockManagerSlot + 7n;

describe("tampered vaults", () => {
  let world: Verified;
  let stranger: string;

  beforeEach(async () => {
    world = await verifiedProtocol();
    stranger = world.people.stranger.address;
  });

  /** How vault 1 was configured. */
  const configured = () => {
    const { operator, pubkey, cap, commissionBps } = world.truth.setup.sequencers[1]!;
    return { operator, cap, commissionBps, pubkeyX: `0x${pubkey.slice(2, 66)}`, pubkeyY: `0x${pubkey.slice(66)}` };
  };
  const configure = async (changed: Partial<ReturnType<typeof configured>>): Promise<void> => {
    const { interface: manager } = world.protocol.l1.lockManager;
    const data = manager.encodeFunctionData("configureVault", [1n, { ...configured(), ...changed }]);
    await governanceDoes(world, "l1", world.truth.records.LockManager.address, data);
  };

  it("are named for the operator", async () => {
    await configure({ operator: stranger });
    expect(await messagesOn("l1", world)).to.deep.equal([
      `vaultOperator: l1 vault 1: operator is ${stranger}, expected ${configured().operator}`,
    ]);
  });

  it("are named for the public key", async () => {
    const { pubkeyX, pubkeyY } = configured();
    await configure({ pubkeyX: pubkeyY, pubkeyY: pubkeyX });
    expect(await messagesOn("l1", world)).to.deep.equal([
      `vaultPubkey: l1 vault 1: public key is ${pubkeyY}${pubkeyX.slice(2)}, expected ${pubkeyX}${pubkeyY.slice(2)}`,
    ]);
  });

  it("are named for the cap", async () => {
    await configure({ cap: parseEther("99999") });
    expect(await messagesOn("l1", world)).to.deep.equal([
      `vaultCap: l1 vault 1: cap is ${parseEther("99999")}, expected ${parseEther("100000")}`,
    ]);
  });

  it("are named for the commission", async () => {
    await configure({ commissionBps: 501n });
    expect(await messagesOn("l1", world)).to.deep.equal([
      "vaultCommission: l1 vault 1: commission in Bps is 501, expected 500",
    ]);
  });

  it("are named for a vault too many", async () => {
    const { interface: manager } = world.protocol.l1.lockManager;
    const data = manager.encodeFunctionData("addVault", [configured()]);
    await governanceDoes(world, "l1", world.truth.records.LockManager.address, data);
    expect(await messagesOn("l1", world)).to.deep.equal([
      "vaultCount: l1 LockManager: number of vaults is 3, expected 2",
    ]);
  });

  it("are named for a vault at another address than foretold", async () => {
    const { provider } = world.l1;
    const { vault } = world.protocol.sequencers[1]!;
    await setCode(provider, stranger, await provider.getCode(vault));
    await writeSlot(world, "l1", stranger, beaconSlot, BigInt(world.truth.records.VaultBeacon.address));
    const book = keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [1n, booksSlot]));
    const slot = toBeHex(BigInt(book) + 2n, 32);
    const { LockManager } = world.truth.records;
    const word = BigInt(await provider.getStorage(LockManager.address, slot));
    await writeSlot(world, "l1", LockManager.address, slot, ((word >> 160n) << 160n) | BigInt(stranger));
    expect(await messagesOn("l1", world)).to.deep.equal([
      `vaultAddress: l1 vault 1: address is ${stranger}, expected ${vault}`,
    ]);
  });
});

describe("tampered allowances", () => {
  let world: Verified;
  let stranger: string;

  beforeEach(async () => {
    world = await verifiedProtocol();
    stranger = world.people.stranger.address;
  });

  const approve = async (layer: Layer, token: string, owner: string, spender: string): Promise<void> => {
    const data = world.protocol.l2.eMetis.interface.encodeFunctionData("approve", [spender, 5n]);
    await sendSurelyAs(world[layer].provider, { from: owner, to: token, data });
  };

  it("are named for METIS on Ethereum, whoever of ours gave them", async () => {
    const { external, records } = world.truth;
    const { vault } = world.protocol.sequencers[0]!;
    await approve("l1", external.metis, records.LockManager.address, stranger);
    await approve("l1", external.metis, records.L1Gateway.address, external.bridge);
    await approve("l1", external.metis, vault, external.lockingInfo);
    expect(await messagesOn("l1", world)).to.have.members([
      `allowance: l1 LockManager: wei of METIS that ${stranger} may take is 5, expected 0`,
      `allowance: l1 L1Gateway: wei of METIS that ${external.bridge} may take is 5, expected 0`,
      `allowance: l1 vault 0: wei of METIS that ${external.lockingInfo} may take is 5, expected 0`,
    ]);
  });

  it("are named for each token on Metis", async () => {
    const { StakingPool, RedemptionQueue, EMetis, SEMetis } = world.truth.records;
    await approve("l2", predeploys.metis, StakingPool.address, stranger);
    await approve("l2", EMetis.address, SEMetis.address, stranger);
    await approve("l2", SEMetis.address, RedemptionQueue.address, stranger);
    expect(await messagesOn("l2", world)).to.have.members([
      `allowance: l2 StakingPool: wei of METIS that ${stranger} may take is 5, expected 0`,
      `allowance: l2 SEMetis: wei of eMetis that ${stranger} may take is 5, expected 0`,
      `allowance: l2 RedemptionQueue: wei of seMetis that ${stranger} may take is 5, expected 0`,
    ]);
  });

  it("are none where a vault's lock failed, and that is told", async () => {
    const { external, records } = world.truth;
    const { vault } = world.protocol.sequencers[1]!;
    await approve("l1", external.metis, records.LockManager.address, vault);
    expect(await messagesOn("l1", world)).to.deep.equal([]);
    expect(await notesOn("l1", world)).to.deep.equal([
      `l1 LockManager: 5 wei of METIS are left approved for vault ${vault}, whose lock failed`,
    ]);
  });
});
