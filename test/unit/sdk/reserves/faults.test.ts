import { expect } from "chai";
import { AbiCoder, keccak256, parseEther, toBeHex } from "ethers";

import { requestRedeem, rewardBatch } from "../../../../scripts/lib/demo/actions";
import { type LocalNode, setBalance, setStorage } from "../../../../scripts/lib/localNode";
import { checkVaults } from "../../../../sdk/src/reserves/foreseeReport";
import { readL1Reserves } from "../../../../sdk/src/reserves/readL1Reserves";
import { readL2Reserves } from "../../../../sdk/src/reserves/readL2Reserves";
import { type FaultType } from "../../../../sdk/src/reserves/line";
import { judge, verifyReserves } from "../../../../sdk/src/reserves/verifyReserves";
import {
  type ProtocolWorld,
  arriveDown,
  finaliseQueue,
  hidePosition,
  livingProtocol,
  protocolAfter,
  slash,
} from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";

/** Where LockManager and StakingPool keep their storage (ERC-7201), and LocalLockingPool its positions. */
const lockManagerSlot = 0x369d7cc2458fed41ecd56e05e96ec1d34666963912221f2c0efca866e05f2000n;
const stakingPoolSlot = 0xa326c1bc4e1e664cc2b38e987c3808a8794342df4071fe24e5dfd19f14c8d200n;
const booksSlot = lockManagerSlot + 7n;
const positionsSlot = 12n;
const stolen = parseEther("3.000000000000000003");

/** A field of packed storage: word, first bit and width. */
interface Field {
  readonly slot: bigint;
  readonly bit: bigint;
  readonly width: bigint;
}

/** With a ticket that waits and one that is finalised. */
const busyProtocol = protocolAfter(livingProtocol, async (world) => {
  await requestRedeem(world, world.people.bob, parseEther("100"));
  await finaliseQueue(world);
  await requestRedeem(world, world.people.bob, parseEther("50"));
  await rewardBatch(world, [40n, 50n]);
  return {};
});

describe("verifyReserves does not call backed", () => {
  let world: ProtocolWorld;

  beforeEach(async () => {
    world = await busyProtocol();
  });

  const expectFaults = async (...types: readonly FaultType[]) => {
    const verdict = await verifyReserves(sdkContext(world));
    expect(verdict.faults.map(({ type }) => type)).to.deep.equal(types);
    expect(verdict.type).to.equal("faulty");
    return verdict;
  };
  const positionAt = async (index: bigint) => {
    const { sequencerId } = await world.protocol.l1.lockManager.vaultAt(index);
    return BigInt(mappingSlot(sequencerId, positionsSlot));
  };
  const asGateway = async () => {
    const { stakingPool, l2Gateway } = world.protocol.l2;
    return stakingPool.connect(await world.l2.impersonate(l2Gateway));
  };
  const lastReport = async () => {
    const { reportTakenAt, reportReadAt, l1Assets, receivedFromL2, sentToL2, l1Deposits } =
      await world.protocol.l2.stakingPool.solvency();
    return {
      takenAt: reportTakenAt,
      readAt: reportReadAt,
      l1Assets,
      receivedFromL2,
      sentToL2,
      l1Deposits,
      withdrawable: 0n,
    };
  };

  it("what nobody tampered with? It does", async () => {
    const verdict = await verifyReserves(sdkContext(world));
    expect([verdict.type, verdict.faults]).to.deep.equal(["backed", []]);
  });

  describe("on Ethereum", () => {
    it("METIS that LockManager books and does not hold", async () => {
      const { lockManager, metis } = world.protocol.l1;
      await metis.mint(lockManager, stolen);
      await lockManager.sync();
      await metis.connect(await world.l1.impersonate(lockManager)).transfer(world.people.stranger.address, stolen);
      const { faults } = await expectFaults("lockManagerShort");
      expect(faults[0]).to.deep.equal({
        type: "lockManagerShort",
        amount: stolen,
        message: "LockManager holds less METIS than it books as idle: 3000000000000000003 wei.",
      });
    });

    it("principal that LockingPool does not have", async () => {
      await slash(world, 1n, stolen);
      const { faults } = await expectFaults("principalMissing");
      expect(faults[0]).to.include({ vault: 1, amount: stolen });
    });

    it("principal that LockManager invented", async () => {
      await tamper(world.protocol.l1.node, lockManagerOf(world), bookField(0n, 0n, 0n, 88n), (value) => value + stolen);
      await expectFaults("principalMissing");
    });

    it("a reward that LockManager invented", async () => {
      await tamper(
        world.protocol.l1.node,
        lockManagerOf(world),
        bookField(1n, 0n, 88n, 88n),
        (value) => value + stolen * 999n,
      );
      const { faults } = await expectFaults("rewardMissing");
      expect(faults[0]).to.include({ vault: 1 });
    });

    it("a position that cannot be read", async () => {
      await hidePosition(world, 0n);
      const verdict = await expectFaults("positionUnreadable");
      expect(verdict.margin).to.be.lessThan(0n);
    });

    it("a position of somebody else", async () => {
      const slot = (await positionAt(0n)) + 8n;
      await setStorage(
        world.protocol.l1.node,
        world.protocol.metis.lockingPool,
        slot,
        BigInt(world.people.stranger.address),
      );
      const verdict = await expectFaults("positionNotOurs");
      expect(verdict.margin).to.be.lessThan(0n);
    });

    it("one position counted for two vaults", async () => {
      const { node } = world.protocol.l1;
      for (const word of [0n, 2n]) {
        const [from, to] = [bookField(0n, word, 0n, 256n), bookField(1n, word, 0n, 256n)];
        const copied = BigInt(await node.getStorage(lockManagerOf(world), from.slot));
        await tamper(node, lockManagerOf(world), to, () => copied);
      }
      const { faults } = await expectFaults("positionShared");
      expect(faults[0]).to.include({ vault: 1 });
    });

    it("operators whose dues are not in the sum", async () => {
      await tamper(
        world.protocol.l1.node,
        lockManagerOf(world),
        bookField(0n, 1n, 160n, 96n),
        (value) => value + stolen,
      );
      const { faults } = await expectFaults("owedMismatch");
      expect(faults[0]).to.include({ amount: stolen });
    });

    it("books whose sum is told wrongly", async () => {
      const context = sdkContext(world);
      const [l1, l2] = [await readL1Reserves(context, undefined), await readL2Reserves(context, undefined)];
      expect(judge(l1, l2).type).to.equal("backed");
      const { type, faults } = judge({ ...l1, l1Assets: l1.l1Assets + 1n }, l2);
      expect([type, faults.map((fault) => fault.type)]).to.deep.equal(["faulty", ["l1BooksMismatch"]]);
    });

    it("a position that LockingPool says never was", async () => {
      const context = sdkContext(world);
      const { vaults } = await readL1Reserves(context, undefined);
      const [first] = vaults;
      expect(checkVaults([{ ...first!, position: undefined }])[0]).to.include({
        fault: "positionUnreadable",
        counted: undefined,
      });
    });
  });

  describe("on Metis", () => {
    it("METIS that the pool books and does not hold", async () => {
      const { stakingPool, node } = { ...world.protocol.l2 };
      const address = await stakingPool.getAddress();
      const before = await verifyReserves(sdkContext(world));
      await setBalance(node, address, (await node.getBalance(address)) - stolen);
      const { margin } = await expectFaults("poolShort");
      expect(before.margin - margin).to.equal(stolen);
    });

    it("METIS that finalised tickets are owed and the queue does not hold", async () => {
      const { redemptionQueue, node } = world.protocol.l2;
      const address = await redemptionQueue.getAddress();
      await setBalance(node, address, (await node.getBalance(address)) - 1n);
      const { faults } = await expectFaults("queueShort");
      expect(faults[0]?.amount).to.equal(1n);
    });

    it("eMetis that waits in the queue and is not there", async () => {
      const { redemptionQueue, eMetis } = world.protocol.l2;
      await eMetis.connect(await world.l2.impersonate(redemptionQueue)).transfer(world.people.stranger.address, 1n);
      await expectFaults("escrowShort");
    });

    it("eMetis that seMetis books and does not have", async () => {
      const { seMetis, eMetis } = world.protocol.l2;
      await eMetis.connect(await world.l2.impersonate(seMetis)).transfer(world.people.stranger.address, stolen);
      await expectFaults("stakedShort");
    });

    it("eMetis from nowhere", async () => {
      const { stakingPool, eMetis, node } = world.protocol.l2;
      const address = await stakingPool.getAddress();
      const held = await node.getBalance(address);
      const { margin } = await verifyReserves(sdkContext(world));
      // Whoever acts as the pool is given METIS for gas, which is not to be part of it.
      await eMetis.connect(await world.l2.impersonate(address)).mint(world.people.stranger.address, margin + 1n);
      await setBalance(node, address, held);
      const verdict = await verifyReserves(sdkContext(world));
      expect([verdict.type, verdict.margin, verdict.faults]).to.deep.equal(["underbacked", -1n, []]);
    });

    it("a line that is not in the sum", async () => {
      const pool = world.protocol.deployment.l2.stakingPool;
      await tamper(world.protocol.l2.node, pool, poolField(4n, 0n, 96n), (value) => value + stolen);
      await expectFaults("l2BooksMismatch");
    });
  });

  describe("between the chains", () => {
    it("eMetis minted for a deposit that was never made", async () => {
      const pool = await asGateway();
      const number = (await world.protocol.l1.lockManager.lastMessage()) + 1n;
      const { l1Deposits } = await lastReport();
      const forged = { receiver: world.people.stranger.address, assets: stolen, runningTotal: l1Deposits + stolen };
      await pool.mintL1Deposit(number, { ...forged, isStaked: false });
      expect((await world.protocol.l2.stakingPool.solvency()).unbackedL1Mints).to.equal(0n);
      const { faults } = await expectFaults("unbackedL1Mints");
      expect(faults[0]?.amount).to.equal(stolen);
    });

    it("what StakingPool itself finds unbacked", async () => {
      const context = sdkContext(world);
      const l2 = await readL2Reserves(context, undefined);
      const { faults } = judge(await readL1Reserves(context, undefined), { ...l2, unbackedL1Mints: 7n });
      expect(faults.map(({ type, amount }) => [type, amount])).to.deep.equal([["unbackedL1Mints", 7n]]);
    });

    it("a report that Ethereum never sent", async () => {
      const pool = await asGateway();
      await pool.applyReport((await world.protocol.l1.lockManager.lastMessage()) + 1n, await lastReport());
      await expectFaults("unknownReport");
    });

    it("a report that counts more than Ethereum has", async () => {
      const pool = await asGateway();
      await world.protocol.l1.lockManager.connect(world.people.stranger.l1).report({ value: parseEther("0.1") });
      const number = await world.protocol.l1.lockManager.lastMessage();
      const report = await lastReport();
      await pool.applyReport(number, { ...report, sentToL2: report.sentToL2 + stolen });
      const { faults } = await expectFaults("reportAhead");
      expect(faults[0]?.amount).to.equal(stolen);
    });

    it("a report that claimed more than there was, though nothing is minted for it yet", async () => {
      const pool = await asGateway();
      await world.protocol.l1.lockManager.connect(world.people.stranger.l1).report({ value: parseEther("0.1") });
      const number = await world.protocol.l1.lockManager.lastMessage();
      const report = await lastReport();
      await pool.applyReport(number, { ...report, l1Assets: report.l1Assets + parseEther("50000") });
      await expectFaults("reportMisstated");
    });

    it("gifts that never came", async () => {
      const pool = world.protocol.deployment.l2.stakingPool;
      const { node } = world.protocol.l2;
      const { receivedFromL2, receivedFromL1 } = await world.protocol.l2.stakingPool.solvency();
      const added = receivedFromL2 + 1n;
      await tamper(node, pool, poolField(4n, 96n, 96n), (value) => value + added);
      await tamper(node, pool, poolField(0n, 88n, 96n), (value) => value + added);
      const { faults } = await expectFaults("attributedTooMuch");
      expect(faults[0]?.amount).to.equal(1n);
      await tamper(node, pool, poolField(5n, 96n, 96n), () => receivedFromL1 + 2n);
      await tamper(node, pool, poolField(0n, 88n, 96n), (value) => value + receivedFromL1 + 2n);
      expect((await expectFaults("attributedTooMuch", "attributedTooMuch")).faults[1]?.amount).to.equal(2n);
    });
  });

  it("what is left of a bridge that is stopped in between: METIS on its way stays explained", async () => {
    await world.protocol.l1.lockManager
      .connect(world.people.keeper.l1)
      .recall(parseEther("10"), { value: parseEther("0.1") });
    const verdict = await verifyReserves(sdkContext(world));
    await arriveDown(world);
    expect([verdict.type, (await verifyReserves(sdkContext(world))).margin]).to.deep.equal(["backed", verdict.margin]);
  });
});

function lockManagerOf({ protocol }: ProtocolWorld): string {
  return protocol.deployment.l1.lockManager;
}

function bookField(index: bigint, word: bigint, bit: bigint, width: bigint): Field {
  return { slot: BigInt(mappingSlot(index, booksSlot)) + word, bit, width };
}

function poolField(word: bigint, bit: bigint, width: bigint): Field {
  return { slot: stakingPoolSlot + word, bit, width };
}

function mappingSlot(key: bigint, slot: bigint): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [key, slot]));
}

/** Writes one field of packed storage and leaves its neighbours. */
async function tamper(
  node: LocalNode,
  address: string,
  { slot, bit, width }: Field,
  change: (value: bigint) => bigint,
): Promise<void> {
  const mask = (1n << width) - 1n;
  const word = BigInt(await node.getStorage(address, toBeHex(slot, 32)));
  const value = (word >> bit) & mask;
  await setStorage(node, address, slot, (word & ~(mask << bit)) | ((change(value) & mask) << bit));
}
