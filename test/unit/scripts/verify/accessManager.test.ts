import { expect } from "chai";
import { AbiCoder, id as hashOf, keccak256, toBeHex } from "ethers";

import { adminRole } from "../../../../scripts/config/roles";
import { IncompleteLogsError, type Powers, readPowers } from "../../../../scripts/lib/verify/accessManager";
import type { AccessManager } from "../../../../typechain-types";
import { type Chain, createFixture } from "../../../helpers/chains";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";

const day = 86_400;
const setLimit = hashOf("setLimit(uint256)").slice(0, 10);

const fixture = createFixture(async ({ l1 }) => {
  const [admin, member] = [l1.signers[0]!, l1.signers[1]!];
  const manager = await l1.deploy("AccessManager", [admin.address]);
  const startBlock = await l1.provider.getBlockNumber();
  const target = l1.signers[5]!.address;
  return { l1, manager, startBlock, admin: admin.address, member: member.address, target };
});

describe("readPowers", () => {
  let l1: Chain;
  let manager: AccessManager;
  let startBlock: number;
  let admin: string;
  let member: string;
  let target: string;

  beforeEach(async () => {
    ({ l1, manager, startBlock, admin, member, target } = await fixture());
  });

  const read = async (block?: number): Promise<Powers> => {
    return readPowers(l1.provider, await manager.getAddress(), startBlock, "l1", block);
  };

  it("knows the administrator of a fresh AccessManager, and nobody else", async () => {
    const { roles, targets, operations, contradictions } = await read();
    const since = (await l1.provider.getBlock(startBlock))!.timestamp;
    const administrator = { account: admin, since, isActive: true, executionDelay: 0n };
    expect(roles).to.deep.equal([{ id: adminRole, admin: 0n, guardian: 0n, grantDelay: 0n, members: [administrator] }]);
    expect([targets, operations, contradictions]).to.deep.equal([[], [], []]);
  });

  it("leaves out who lost a role", async () => {
    await manager.grantRole(7n, member, 5n);
    await manager.revokeRole(7n, member);
    const role = (await read()).roles.find(({ id }) => id === 7n);
    expect(role?.members).to.deep.equal([]);
  });

  it("tells who will have a role, and from when", async () => {
    await manager.setGrantDelay(7n, 3 * day);
    await l1.increase(5 * day);
    await manager.grantRole(7n, member, 9n);
    const since = (await l1.now()) + 3 * day;
    const role = (await read()).roles.find(({ id }) => id === 7n);
    expect(role?.grantDelay).to.equal(BigInt(3 * day));
    expect(role?.members).to.deep.equal([{ account: member, since, isActive: false, executionDelay: 9n }]);
  });

  it("tells delays that are to change, and when", async () => {
    await manager.grantRole(7n, member, 30n * BigInt(day));
    await manager.grantRole(7n, member, 10n);
    const delayAt = (await l1.now()) + 30 * day - 10;
    await manager.setGrantDelay(7n, day);
    const grantAt = (await l1.now()) + 5 * day;
    await manager.setTargetAdminDelay(target, 2 * day);
    const adminAt = (await l1.now()) + 5 * day;
    const { roles, targets } = await read();
    const role = roles.find(({ id }) => id === 7n);
    expect(role?.members[0]?.executionDelay).to.equal(30n * BigInt(day));
    expect(role?.members[0]?.nextDelay).to.deep.equal({ delay: 10n, at: delayAt });
    expect(role?.nextGrantDelay).to.deep.equal({ delay: BigInt(day), at: grantAt });
    expect(targets[0]?.nextAdminDelay).to.deep.equal({ delay: 2n * BigInt(day), at: adminAt });
  });

  it("tells label, administrator and guardian of a role", async () => {
    await manager.labelRole(7n, "seventh");
    await manager.setRoleAdmin(7n, 8n);
    await manager.setRoleGuardian(7n, 9n);
    const { roles } = await read();
    expect(roles.map(({ id }) => id)).to.deep.equal([0n, 7n, 8n, 9n]);
    expect(roles[1]).to.include({ label: "seventh", admin: 8n, guardian: 9n });
  });

  it("tells the role of each function and whether a contract is closed", async () => {
    await manager.setTargetFunctionRole(target, [setLimit], 7n);
    await manager.setTargetClosed(target, true);
    const { targets } = await read();
    expect(targets).to.deep.equal([
      { address: target, isClosed: true, adminDelay: 0n, functions: [{ selector: setLimit, role: 7n }] },
    ]);
  });

  it("lists an announced act until it expires", async () => {
    const address = await manager.getAddress();
    const data = manager.interface.encodeFunctionData("labelRole", [7n, "later"]);
    await manager.grantRole(adminRole, member, 100n);
    await manager.connect(await l1.impersonate(member)).schedule(address, data, 0n);
    const readyAt = (await l1.now()) + 100;
    const id = await manager.hashOperation(member, address, data);
    const operation = { id, nonce: 1n, readyAt, expiresAt: readyAt + 7 * day, caller: member, target: address, data };
    expect((await read()).operations).to.deep.equal([operation]);
    await l1.increase(100 + 7 * day);
    expect((await read()).operations).to.deep.equal([]);
  });

  it("drops an announced act that was cancelled", async () => {
    const address = await manager.getAddress();
    const data = manager.interface.encodeFunctionData("labelRole", [7n, "later"]);
    await manager.grantRole(adminRole, member, 100n);
    await manager.connect(await l1.impersonate(member)).schedule(address, data, 0n);
    await manager.cancel(member, address, data);
    expect((await read()).operations).to.deep.equal([]);
  });

  it("reads everything at the block that it is given", async () => {
    const before = await l1.provider.getBlockNumber();
    await manager.grantRole(7n, member, 5n);
    const powers = await read(before);
    expect(powers.block).to.equal(before);
    expect(powers.roles.map(({ id }) => id)).to.deep.equal([0n]);
  });

  it("names a role that the logs and the contract disagree on", async () => {
    await manager.grantRole(7n, member, 5n);
    const block = await l1.provider.getBlockNumber();
    await l1.mine();
    const { provider } = l1;
    // A role's members are a mapping in the first word of its struct, in the mapping of slot 1.
    const slot = entryOf(entryOf("0x01", 7n), BigInt(member));
    await provider.send("hardhat_setStorageAt", [await manager.getAddress(), slot, toBeHex(0n, 32)]);
    await l1.mine();
    expect((await read()).contradictions).to.deep.equal([
      `the logs say that role 7 of ${member} was granted, and the contract that it is not held`,
    ]);
    expect((await read(block)).contradictions).to.deep.equal([]);
  });

  it("refuses logs that begin with a later administrator, behind whom others were granted", async () => {
    await manager.grantRole(7n, member, 0n);
    await manager.grantRole(adminRole, target, 42 * day);
    const block = await l1.provider.getBlockNumber();
    const error = await rejectionOf(readPowers(l1.provider, await manager.getAddress(), block, "l1"));
    expect(error).to.be.instanceOf(IncompleteLogsError).and.include({ startBlock: block });
  });

  it("refuses logs that do not begin with the deployment", async () => {
    await manager.grantRole(7n, member, 5n);
    const address = await manager.getAddress();
    const late = await rejectionOf(readPowers(l1.provider, address, startBlock + 1, "l1"));
    expect(late)
      .to.be.instanceOf(IncompleteLogsError)
      .and.include({ address, startBlock: startBlock + 1 });
    const empty = await rejectionOf(readPowers(l1.provider, target, 0, "l1"));
    expect(empty).to.have.property(
      "message",
      `l1: the logs of AccessManager ${target} from block 0 on do not begin with its first administrator: ` +
        "the block is too late, or the node does not keep logs; give the block of the deployment and an archive's endpoint",
    );
  });
});

/** Slot of an entry of the mapping in a slot. */
function entryOf(slot: string, key: bigint): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [key, slot]));
}
