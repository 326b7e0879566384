/** What the demo works with: the protocol on two nodes, its actors, and a book of every transaction and METIS flow. */
import type { ContractTransactionReceipt, ContractTransactionResponse, Signer } from "ethers";
import { parseEther } from "ethers";

import { advance as advanceClocks } from "../localClock";
import { type LocalProtocol, deployLocalProtocol } from "../localProtocol";
import type { RunningNode } from "../nodes";

/** One person, with an account of the same address on both chains. */
export interface Actor {
  readonly name: string;
  readonly address: string;
  readonly l1: Signer;
  readonly l2: Signer;
}

/** A user's METIS: put in and got out, in wei. */
export interface UserBook {
  readonly user: Actor;
  deposited: bigint;
  received: bigint;
}

/** Gas of one kind of transaction. */
export interface GasUse {
  count: number;
  total: bigint;
  first: bigint;
  last: bigint;
}

/** The demo's state. It grows as the stages run. */
export interface World {
  readonly protocol: LocalProtocol;
  readonly actors: {
    readonly keeper: Actor;
    readonly stranger: Actor;
    readonly operators: readonly [Actor, Actor];
    readonly users: readonly Actor[];
    readonly l1User: Actor;
  };
  readonly books: Map<string, UserBook>;
  readonly gas: Map<string, GasUse>;
  /** METIS of rewards that Metis credited to our sequencers, in wei. */
  rewardsCredited: bigint;
  /** Number of the last message handed to `deliver`. */
  delivered: bigint;
}

/** Wei of ETH that Metis asks for one unit of L2 gas. */
const ethForL2Gas = 1_000_000_000n;

/** Deploys everything on two running nodes. */
export async function createWorld(l1: RunningNode, l2: RunningNode): Promise<World> {
  const actor = async (name: string, index: number): Promise<Actor> => {
    const signer = await l2.provider.getSigner(index);
    return { name, address: signer.address, l1: await l1.provider.getSigner(index), l2: signer };
  };
  const deployer = await actor("deployer", 0);
  const governance = await actor("governance", 1);
  const guardian = await actor("guardian", 2);
  const keeper = await actor("keeper", 3);
  const treasury = await actor("treasury", 4);
  const operators = [await actor("operator A", 5), await actor("operator B", 6)] as const;
  const names = ["Ada", "Ben", "Cleo", "Dov", "Eva", "Finn", "Gia", "Hal"];
  const users = await Promise.all(names.map((name, index) => actor(name, 7 + index)));
  const l1User = await actor("Lou (L1)", 15);
  const stranger = await actor("stranger", 16);

  const protocol = await deployLocalProtocol({
    l1: deployer.l1,
    l2: deployer.l2,
    actors: {
      governance: governance.address,
      guardian: guardian.address,
      keeper: keeper.address,
      treasury: treasury.address,
    },
    operators: operators.map(({ address }) => address),
    metis: { discount: ethForL2Gas },
  });
  const [, second] = protocol.sequencers;
  if (second !== undefined) await (await protocol.l1.lockingPool.setWhitelist(second.vault, false)).wait();
  return {
    protocol,
    actors: { keeper, stranger, operators, users, l1User },
    books: new Map([...users, l1User].map((user) => [user.address, { user, deposited: 0n, received: 0n }])),
    gas: new Map(),
    rewardsCredited: 0n,
    delivered: 0n,
  };
}

/** Waits for a transaction and books its gas under `kind`. */
export async function transact(
  world: World,
  kind: string,
  sending: Promise<ContractTransactionResponse>,
): Promise<ContractTransactionReceipt> {
  const receipt = await (await sending).wait();
  if (receipt === null) throw new Error(`the transaction "${kind}" is not on the chain`);
  const known = world.gas.get(kind) ?? { count: 0, total: 0n, first: receipt.gasUsed, last: 0n };
  known.count += 1;
  known.total += receipt.gasUsed;
  known.last = receipt.gasUsed;
  world.gas.set(kind, known);
  return receipt;
}

/** The book of one user. */
export function bookOf(world: World, { address }: Actor): UserBook {
  const book = world.books.get(address);
  if (book === undefined) throw new Error(`${address} is not a user of the demo`);
  return book;
}

/** Lets time pass on both chains. */
export async function advance({ protocol }: World, seconds: number): Promise<void> {
  await advanceClocks([protocol.l1.node, protocol.l2.node], seconds);
}

/** METIS for the fee of a withdrawal, in wei; all that callers on L2 ever send along. */
export const withdrawalFee = parseEther("0.5");

/** ETH that covers the bridge's fee of any crank; the surplus returns. */
export const generousEth = parseEther("0.1");
