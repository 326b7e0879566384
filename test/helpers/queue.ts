/** The redemption queue behind its proxy, with the real tokens and {@link TestQueuePool} as the pool. */
import {
  type Addressable,
  type ContractTransactionResponse,
  type TypedDataDomain,
  getCreateAddress,
  keccak256,
  parseEther,
  resolveAddress,
  toUtf8Bytes,
} from "ethers";

import { type Chain, type ContractOf, createFixture } from "./chains";

/** One for one. */
export const ONE = 10n ** 18n;

/** The least that a ticket may be for, in wei. */
export const MIN_TICKET = parseEther("0.01");

/** Seconds in an hour. */
export const HOUR = 3_600;

/** What the queue needs around it. */
export interface QueueSetup {
  readonly l2: Chain;
  readonly authority: ContractOf<"AccessManager">;
  readonly eMetis: ContractOf<"EMetis">;
  readonly seMetis: ContractOf<"SEMetis">;
  readonly implementation: ContractOf<"RedemptionQueue">;
  readonly queue: ContractOf<"RedemptionQueue">;
  readonly pool: ContractOf<"TestQueuePool">;
}

/** The named accounts. The deployer is none of them; `keeper` owns nothing and calls for others. */
export function queueActors(l2: Chain) {
  const [, alice, bob, carol, keeper] = l2.signers;
  return { alice: alice!, bob: bob!, carol: carol!, keeper: keeper! };
}

/** Deploys the queue, the tokens and the stand-in of the pool, each with the addresses of the others. */
export async function deployQueue(l2: Chain): Promise<QueueSetup> {
  const deployer = l2.signers[0]!;
  const authority = await l2.deploy("AccessManager", [deployer.address]);
  const nonce = await deployer.getNonce();
  const [eMetisAt, seMetisAt, , queueAt, poolAt] = [0, 1, 2, 3, 4].map((offset) =>
    getCreateAddress({ from: deployer.address, nonce: nonce + offset }),
  ) as [string, string, string, string, string];
  const eMetis = await l2.deploy("EMetis", [poolAt, seMetisAt, queueAt]);
  const seMetis = await l2.deploy("SEMetis", [eMetisAt, poolAt]);
  const implementation = await l2.deploy("RedemptionQueue", [eMetisAt, seMetisAt, poolAt]);
  const initialize = implementation.interface.encodeFunctionData("initialize", [await authority.getAddress()]);
  const proxy = await l2.deploy("ERC1967Proxy", [implementation, initialize]);
  const queue = await l2.attach("RedemptionQueue", proxy);
  const pool = await l2.deploy("TestQueuePool", [eMetisAt, seMetisAt, queueAt]);
  return { l2, authority, eMetis, seMetis, implementation, queue, pool };
}

/** The queue, with eMetis in the hands of alice, bob and carol and METIS in those of the pool; all of them approved. */
export const queueFixture = createFixture(async ({ l2 }) => {
  const setup = await deployQueue(l2);
  const { alice, bob, carol, keeper } = queueActors(l2);
  for (const holder of [alice, bob, carol]) {
    await setup.pool.mint(holder, parseEther("10000"));
    await setup.eMetis.connect(holder).approve(setup.queue, parseEther("9999"));
  }
  await setup.pool.fill({ value: parseEther("30000") });
  // A quarter past an hour, so that no test's few blocks cross into the next one unawares.
  await l2.increaseTo((Math.floor((await l2.now()) / HOUR) + 1) * HOUR + HOUR / 4);
  return { ...setup, alice, bob, carol, keeper };
});

/** Everything that {@link queueFixture} sets up. */
export type QueueFixture = Awaited<ReturnType<typeof queueFixture>>;

/** A moment at which every ticket asked for by now counts. */
export async function everythingCounts(l2: Chain): Promise<number> {
  return (await l2.now()) + 2 * HOUR;
}

/** Finalises the whole line at `rate`, out of the pool's METIS. */
export async function finaliseAll({ l2, pool }: QueueFixture, rate = ONE): Promise<void> {
  await pool.fundQueue(parseEther("30000"), rate, await everythingCounts(l2));
}

/** Finalises the line up to `until`, one for one. */
export async function finaliseTo({ pool, queue }: QueueFixture, until: bigint): Promise<void> {
  await pool.finalise(until, ONE, { value: until - (await queue.finalisedUntil()) });
}

/** Gas that a transaction used, refunds deducted. */
export async function gasOf(transaction: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await transaction).wait();
  return Number(receipt!.gasUsed);
}

/** What the holder of a token signs to let `spender` take `value`, in the parts that ethers wants. */
export async function permitOf(
  token: ContractOf<"EMetis"> | ContractOf<"SEMetis">,
  owner: Addressable,
  spender: Addressable,
  value: bigint,
  deadline: bigint,
) {
  const { name, version, chainId, verifyingContract } = await token.eip712Domain();
  const domain: TypedDataDomain = { name, version, chainId, verifyingContract };
  const fields = ["address owner", "address spender", "uint256 value", "uint256 nonce", "uint256 deadline"];
  const types = {
    Permit: fields.map((field) => {
      const [type, fieldName] = field.split(" ") as [string, string];
      return { name: fieldName, type };
    }),
  };
  const message = {
    owner: await resolveAddress(owner),
    spender: await resolveAddress(spender),
    value,
    nonce: await token.nonces(owner),
    deadline,
  };
  return [domain, types, message] as const;
}

/** The first word of the ERC-7201 struct of one of our contracts. */
export function namespaceSlot(name: string): bigint {
  const inner = BigInt(keccak256(toUtf8Bytes(`emetis.storage.${name}`))) - 1n;
  return BigInt(keccak256(`0x${inner.toString(16).padStart(64, "0")}`)) & ~255n;
}
