/** Prints what each kind of transaction costs on two local chains, the first time and in use, beside the ceiling it has to stay under. */
import { MaxUint256, Signature, parseEther } from "ethers";

import { type GasTable, createGasTable } from "./lib/gas/table";
import { type GasWorld, addVaults, createGasWorld, deliver } from "./lib/gas/world";
import { day, hour } from "./lib/localClock";
import { type RunningNode, freePort, startNode } from "./lib/nodes";

const nobody = "0x0000000000000000000000000000000000000000";
const eth = parseEther("1");
const ticket = parseEther("0.01");
/** Tickets in one transaction when many are needed. */
const batch = 100;

async function main(): Promise<void> {
  const nodes: RunningNode[] = [];
  try {
    nodes.push(...(await Promise.all([startNode("l1", await freePort()), startNode("l2", await freePort())])));
    const [l1, l2] = nodes as [RunningNode, RunningNode];
    const table = createGasTable();
    const world = await createGasWorld(l1, l2);
    await measureTokens(world, table);
    await measureUpAndLock(world, table);
    await measureReports(world, table);
    await measureQueue(world, table);
    table.print();
  } finally {
    await Promise.all(nodes.map(async ({ stop }) => stop()));
  }
}

async function measureTokens({ protocol, user, other }: GasWorld, table: GasTable): Promise<void> {
  const { stakingPool, eMetis, seMetis, redemptionQueue } = protocol.l2;
  const pool = stakingPool.connect(user.l2);
  const value = parseEther("20000");
  // Somebody else was here before: what is first is this user's own.
  await (await stakingPool.connect(other.l2).deposit(other.address, nobody, { value })).wait();
  await (await stakingPool.connect(other.l2).depositAndStake(other.address, 0n, nobody, { value })).wait();
  await table.measure("deposit", () => pool.deposit(user.address, nobody, { value }), 2);
  await table.measure("deposit and stake", () => pool.depositAndStake(user.address, 0n, nobody, { value }), 2);
  await (await eMetis.connect(user.l2).approve(seMetis, MaxUint256)).wait();
  await (await eMetis.connect(user.l2).approve(redemptionQueue, MaxUint256)).wait();
  await (await eMetis.connect(other.l2).approve(redemptionQueue, MaxUint256)).wait();
  const vault = seMetis.connect(user.l2);
  await table.measure("stake", () => vault.deposit(parseEther("10"), user.address), 2);
  await table.measure("unstake", () => vault.redeem(parseEther("5"), user.address, user.address), 2);
  const stranger = protocol.actors.guardian;
  await table.measure("transfer", () => eMetis.connect(user.l2).transfer(stranger, parseEther("1")), 2);
  await table.measure("permit", () => permit({ protocol, user, other } as GasWorld), 2);
}

async function permit({ protocol, user }: GasWorld) {
  const { eMetis, redemptionQueue, node } = protocol.l2;
  const message = {
    owner: user.address,
    spender: await redemptionQueue.getAddress(),
    value: MaxUint256,
    nonce: await eMetis.nonces(user.address),
    deadline: MaxUint256,
  };
  const { name, version, chainId, verifyingContract } = await eMetis.eip712Domain();
  const fields = ["owner:address", "spender:address", "value:uint256", "nonce:uint256", "deadline:uint256"];
  const types = {
    Permit: fields.map((field) => field.split(":")).map(([key = "", type = ""]) => ({ name: key, type })),
  };
  const signed = await user.l2.signTypedData({ name, version, chainId, verifyingContract }, types, message);
  const { v, r, s } = Signature.from(signed);
  const { owner, spender, value, deadline } = message;
  if ((await node.getCode(owner)) !== "0x") throw new Error("the signer of the permit is a contract");
  return eMetis
    .connect(user.l2)
    ["permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"](owner, spender, value, deadline, v, r, s);
}

async function measureUpAndLock(world: GasWorld, table: GasTable): Promise<void> {
  const { protocol, user } = world;
  const { stakingPool } = protocol.l2;
  const lockManager = protocol.l1.lockManager.connect(user.l1);
  const send = () => stakingPool.connect(user.l2).rebalance({ value: parseEther("0.5") });
  await table.measure("rebalance (sends up)", send, 1);
  await world.advance(day + hour);
  await (await stakingPool.connect(user.l2).deposit(user.address, nobody, { value: parseEther("10000") })).wait();
  await table.measure("rebalance (sends up)", send, 1);
  await protocol.relayer.commitUp();
  await world.advance(7 * day + hour);
  await protocol.relayer.deliverUp();
  await addVaults(world, 1);
  await table.measure("allocate (opens a position)", () => lockManager.allocate(), 1);
  await world.depositOnL1(parseEther("1000"));
  await table.measure("allocate (adds to one)", () => lockManager.allocate(), 1);
}

async function measureReports(world: GasWorld, table: GasTable): Promise<void> {
  const { protocol, user } = world;
  const lockManager = protocol.l1.lockManager.connect(user.l1);
  for (const count of [1, 5, 20]) {
    await addVaults(world, count);
    await world.depositOnL1(parseEther("21000") * BigInt(count - 1));
    await (await lockManager.allocate()).wait();
    for (let round = 0; round < 4; round++) {
      await world.advance(3 * day);
      await world.reward(1_000n);
      await table.measure(`report, ${count} vaults`, () => lockManager.report({ value: eth }), 1);
      await deliver(world, (send) => (count === 1 ? table.measure("apply a report on L2", send, 1) : undefined));
    }
  }
  await world.reward(1_000n);
  await table.measure("harvest, 20 vaults (compounds)", () => lockManager.harvest({ value: eth }), 1);
}

async function measureQueue(world: GasWorld, table: GasTable): Promise<void> {
  const { protocol, user, other } = world;
  const { stakingPool, redemptionQueue } = protocol.l2;
  const queue = redemptionQueue.connect(user.l2);
  const pool = stakingPool.connect(user.l2);
  const request = () => queue.requestRedeem(ticket, user.address);
  const requestTen = () => queue.requestRedeemBatch(Array<bigint>(10).fill(ticket), user.address);
  const place = async () => redemptionQueue.requestedUntil();
  // The first ticket of all is somebody else's.
  await (await redemptionQueue.connect(other.l2).requestRedeem(ticket, other.address)).wait();
  const first = await place();
  await table.measure("request 1", request, 2);
  const ten = await place();
  await table.measure("request 10", requestTen, 2);
  await world.finaliseAll();

  await table.measure("claim 1", () => queue.claim(first), 1);
  await table.measure("claim 1", () => queue.claim(first + ticket), 1);
  for (const start of [ten, ten + 10n * ticket]) {
    const ids = Array.from({ length: 10 }, (_, index) => start + BigInt(index) * ticket);
    await table.measure("claim 10", () => queue.claimBatch(ids), 1);
  }

  for (const count of [1, 100, 10_000]) {
    for (let left = count; left > 0; left -= batch) {
      const size = Math.min(left, batch);
      await (await queue.requestRedeemBatch(Array<bigint>(size).fill(ticket), user.address)).wait();
    }
    await world.passReport();
    await table.measure(`finalise, ${count} tickets waiting`, () => pool.fundQueue(), 1);
  }
  const redeem = () => pool.redeemInstant(parseEther("1"), 0n, user.address);
  await table.measure("instant redeem", redeem, 2);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message.slice(0, 2000) : error);
  process.exitCode = 1;
});
