/**
 * The whole protocol on the two in-process chains, with a life behind it: the ground of the integration tests. What users do is in
 * `scripts/lib/demo/actions.ts`; here is what only tests do.
 */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { type ContractTransactionResponse, parseEther } from "ethers";

import { deposit, depositAndStake, depositOnL1, rebalance, rewardBatch } from "../../scripts/lib/demo/actions";
import { readConservation } from "../../scripts/lib/demo/ledger";
import { type Actor, type World, advance, bookOf, generousEth } from "../../scripts/lib/demo/world";
import { writePrincipal } from "../../scripts/lib/localFaults";
import { sendSurelyAs, setBalance } from "../../scripts/lib/localNode";
import { day } from "../../scripts/lib/localClock";
import { type LocalProtocol, deployLocalProtocol } from "../../scripts/lib/localProtocol";
import { predeploys } from "../../scripts/lib/predeploys";
import { type Chain, type Chains, createFixture } from "./chains";

/** One person with an account of the same address on both chains. */
export interface Person extends Actor {
  readonly l1: HardhatEthersSigner;
  readonly l2: HardhatEthersSigner;
}

/** The protocol, everyone around it, and the books of METIS that people put in and got out. */
export interface ProtocolWorld extends World, Chains {
  readonly people: Readonly<Record<PersonName, Person>>;
}

const names = [
  ...["deployer", "governance", "guardian", "keeper", "treasury", "firstOperator", "secondOperator"],
  ...["alice", "bob", "carol", "dave", "donor", "stranger"],
] as readonly PersonName[];

type PersonName =
  | "deployer"
  | "governance"
  | "guardian"
  | "keeper"
  | "treasury"
  | "firstOperator"
  | "secondOperator"
  | "alice"
  | "bob"
  | "carol"
  /** Has METIS on Ethereum only. */
  | "dave"
  | "donor"
  | "stranger";

/** Wei of ETH that Metis asks for one unit of L2 gas. */
const ethForL2Gas = 1_000_000_000n;

/** The protocol just deployed: two vaults, nothing in it. */
export const emptyProtocol = copied(createFixture(createWorld));

/**
 * The protocol after some weeks: alice has staked, bob holds eMetis, dave came from Ethereum, both vaults run and were rewarded,
 * and seMetis is worth more than eMetis. Nothing is in flight, and the last report is fresh.
 */
export const livingProtocol = protocolAfter(emptyProtocol, async (world) => {
  const { alice, bob, dave, keeper } = world.people;
  const { lockManager } = world.protocol.l1;
  await depositAndStake(world, alice, parseEther("31337.250000000000000007"));
  await deposit(world, bob, parseEther("22500.500000000000000003"));
  await depositOnL1(world, dave, parseEther("45000.125000000000000001"));
  await lockManager.connect(keeper.l1).allocate();
  await arriveDown(world);
  await deliver(world, await lockManager.lastMessage());
  await rebalance(world, keeper);
  await bridgeUp(world);
  await lockManager.connect(keeper.l1).allocate();
  await report(world);
  await advance(world, 5 * day);
  await rewardBatch(world, [12_001n, 7_003n]);
  await report(world);
  await advance(world, 3 * day);
  return {};
});

/** The state that `live` leaves when it starts from `base`; built once, restored for every test. */
export function protocolAfter<W extends ProtocolWorld, T extends object>(
  base: () => Promise<W>,
  live: (world: W) => Promise<T>,
): () => Promise<W & T> {
  return copied(
    createFixture(async () => {
      const world = await base();
      const found = await live(world);
      // One object: its books have gone on while it lived.
      return Object.assign(world, found);
    }),
  );
}

/** The chains come back from a snapshot, the books from a copy. */
function copied<W extends ProtocolWorld>(fixture: () => Promise<W>): () => Promise<W> {
  return async () => {
    const world = await fixture();
    return {
      ...world,
      books: new Map([...world.books].map(([address, book]) => [address, { ...book }])),
      gas: new Map(),
    };
  };
}

async function createWorld(chains: Chains): Promise<ProtocolWorld> {
  const people = peopleOf(chains);
  const { deployer, governance, guardian, keeper, treasury, firstOperator, secondOperator } = people;
  const protocol = await deployLocalProtocol({
    l1: deployer.l1,
    l2: deployer.l2,
    actors: {
      governance: governance.address,
      guardian: guardian.address,
      keeper: keeper.address,
      treasury: treasury.address,
    },
    operators: [firstOperator.address, secondOperator.address],
    metis: { discount: ethForL2Gas },
  });
  const { alice, bob, carol, dave, stranger } = people;
  return {
    ...chains,
    protocol,
    people,
    actors: {
      keeper,
      stranger,
      operators: [firstOperator, secondOperator],
      users: [alice, bob, carol],
      l1User: dave,
    },
    books: new Map(Object.values(people).map((user) => [user.address, { user, deposited: 0n, received: 0n }])),
    gas: new Map(),
    rewardsCredited: 0n,
    delivered: 0n,
  };
}

function peopleOf({ l1, l2 }: Chains): Readonly<Record<PersonName, Person>> {
  const people = names.map((name, index): [PersonName, Person] => {
    const signer = l2.signers[index]!;
    return [name, { name, address: signer.address, l1: l1.signers[index]!, l2: signer }];
  });
  return Object.fromEntries(people) as Record<PersonName, Person>;
}

/** Takes a report on Ethereum and leaves its hash to the bridge. Returns its number. */
export async function takeReport({ protocol, people }: ProtocolWorld): Promise<bigint> {
  const { lockManager } = protocol.l1;
  await lockManager.connect(people.stranger.l1).report({ value: generousEth });
  return lockManager.lastMessage();
}

/** The bridge brings down everything that waits: METIS and hashes. Nothing is delivered or booked by that. */
export async function arriveDown({ protocol }: ProtocolWorld): Promise<void> {
  await protocol.relayer.deliverDown();
}

/** Shows payload `number` on Metis. */
export async function deliver(
  world: ProtocolWorld,
  number: bigint,
  caller: Actor = world.people.stranger,
): Promise<ContractTransactionResponse> {
  const { l2Gateway } = world.protocol.l2;
  return l2Gateway.connect(caller.l2).deliver(number, await payloadOf(world, number));
}

/** The payload of message `number`, from the logs of Ethereum. */
export async function payloadOf({ protocol }: ProtocolWorld, number: bigint): Promise<string> {
  const { lockManager } = protocol.l1;
  const [event] = await lockManager.queryFilter(lockManager.filters.MessageSent(number), 0);
  if (event === undefined) throw new Error(`message ${number} was never sent`);
  return event.args.payload;
}

/** A report taken, brought and delivered at once, with all that came before it in the bridge. */
export async function report(world: ProtocolWorld): Promise<bigint> {
  const number = await takeReport(world);
  await arriveDown(world);
  await deliver(world, number);
  return number;
}

/** A report that lets through all that is in the queue now, and the crank that pays for it. */
export async function finaliseQueue(world: ProtocolWorld): Promise<void> {
  await advance(world, 8 * 3_600);
  await report(world);
  await rebalance(world, world.people.stranger);
}

/** Everything on its way up gets through its challenge window. LockManager is not told. */
export async function bridgeUp(world: ProtocolWorld): Promise<void> {
  const { relayer } = world.protocol;
  await relayer.commitUp();
  await advance(world, 7 * day + 60);
  await relayer.deliverUp();
}

/** Gives `assets` wei of METIS to `receiver` on Metis, as Metis's bridge brings METIS: without a call. */
export async function donateOnL2(world: ProtocolWorld, receiver: string, assets: bigint): Promise<void> {
  const { node } = world.protocol.l2;
  await setBalance(node, receiver, (await node.getBalance(receiver)) + assets);
  bookOf(world, world.people.donor).deposited += assets;
}

/** Gives `assets` wei of METIS to `receiver` on Ethereum. */
export async function donateOnL1(world: ProtocolWorld, receiver: string, assets: bigint): Promise<void> {
  await world.protocol.l1.metis.mint(receiver, assets);
  bookOf(world, world.people.donor).deposited += assets;
}

/** Takes `assets` wei of principal away from a position, as no rule of Metis does today. */
export async function slash(world: ProtocolWorld, index: bigint, assets: bigint): Promise<void> {
  const { lockingPool, lockManager } = world.protocol.l1;
  const { sequencerId } = await lockManager.vaultAt(index);
  const { amount } = await lockingPool.sequencers(sequencerId);
  await writeAmount(world, sequencerId, amount - assets);
  bookOf(world, world.people.donor).received += assets;
}

/** Makes a position unreadable by an absurd amount, until the returned function is called. */
export async function hidePosition(world: ProtocolWorld, index: bigint): Promise<() => Promise<void>> {
  const { lockingPool, lockManager } = world.protocol.l1;
  const { sequencerId } = await lockManager.vaultAt(index);
  const { amount } = await lockingPool.sequencers(sequencerId);
  await writeAmount(world, sequencerId, 2n ** 88n);
  return () => writeAmount(world, sequencerId, amount);
}

async function writeAmount({ protocol, l1 }: ProtocolWorld, sequencerId: bigint, amount: bigint): Promise<void> {
  await writePrincipal({ node: l1.provider, lockingPool: protocol.metis.lockingPool, sequencerId }, amount);
}

/** Metis unlocks a position of ours by force and sends its reward to Metis. */
export async function forceUnlock({ protocol }: ProtocolWorld, index: bigint): Promise<void> {
  const { lockManager, lockingPool, l1Gateway, node } = protocol.l1;
  const { sequencerId } = await lockManager.vaultAt(index);
  await sendSurelyAs(node, {
    from: await lockingPool.owner(),
    to: protocol.metis.lockingPool,
    data: lockingPool.interface.encodeFunctionData("forceUnlock", [sequencerId, 250_000n]),
    value: await l1Gateway.metisFee(),
  });
}

/** Wei that the contracts hold for eMetis, from balances alone: what `totalAssets` must say once a fresh report is applied. */
export async function backing(world: ProtocolWorld): Promise<bigint> {
  const { l1, l2, sequencers } = world.protocol;
  const { held } = await readConservation(world);
  const reserved = await l2.redemptionQueue.reserved();
  const [, , l1Deposits] = await l1.lockManager.counters();
  const { mintedForL1 } = await l2.stakingPool.solvency();
  let commissions = await l1.lockManager.owed();
  for (const { index } of sequencers) {
    const { sequencerId, commissionBps } = await l1.lockManager.vaultAt(index);
    const { reward } = await l1.lockingPool.sequencers(sequencerId);
    commissions += (reward * commissionBps) / 10_000n;
  }
  return held - reserved - commissions - (l1Deposits - mintedForL1);
}

/** Fails unless every wei that was put in is held, was paid out, or went to operators and bridge. */
export async function expectConserved(world: ProtocolWorld): Promise<void> {
  expect((await readConservation(world)).residual, "METIS from nowhere or gone").to.equal(0n);
}

/** Fails unless METIS is conserved and the ledger on Metis says what the balances of both chains say. */
export async function expectTrueLedger(world: ProtocolWorld): Promise<void> {
  await expectConserved(world);
  expect(await world.protocol.l2.stakingPool.totalAssets(), "totalAssets").to.equal(await backing(world));
}

/** One METIS's worth of seMetis, in wei of eMetis. */
export function price({ protocol }: { readonly protocol: LocalProtocol }): Promise<bigint> {
  return protocol.l2.seMetis.convertToAssets(parseEther("1000000"));
}

/** A clock of one chain alone goes on: the other lags. */
export async function advanceOnly(chain: Chain, seconds: number): Promise<void> {
  await chain.increase(seconds);
}

/** The bridge of Metis on each side, for those who call it themselves. */
export const bridgeOnL2 = predeploys.bridge;
