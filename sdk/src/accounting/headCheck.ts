import type { Context } from "../context";
import { MissingLogsError, RevertError } from "../errors";
import {
  EMetis__factory,
  LockManager__factory,
  type RedemptionQueue,
  RedemptionQueue__factory,
  SEMetis__factory,
} from "../generated/contracts";
import { readL1, readL2 } from "../rpc/readPinned";
import type { Address, Side } from "../types";
import type { Head } from "./blocks";
import { type ReplayState, positionOf } from "./state";
import { reservedOf } from "./valuation";

type Comparison = readonly [name: string, replayed: bigint, view: bigint];

/**
 * Compares a replayed state with what the contracts' views say in the block that it was replayed to: the logs that a node forgot
 * at the end show nowhere else. 1 round trip on each chain; any node has the state of a recent block.
 *
 * @throws {@link MissingLogsError} for the first difference.
 */
export async function checkHead(
  context: Context,
  state: ReplayState,
  account: Address,
  heads: { readonly l1: Head; readonly l2: Head },
): Promise<void> {
  const [l1, l2] = await Promise.all([
    compareL1(context, state, heads.l1.blockNumber),
    compareL2(context, state, account, heads.l2.blockNumber),
  ]);
  expectEqual("l2", heads.l2.blockNumber, l2);
  expectEqual("l1", heads.l1.blockNumber, l1);
}

async function compareL1(context: Context, state: ReplayState, blockNumber: number): Promise<readonly Comparison[]> {
  const { value } = await readL1(context, blockNumber, (runner) =>
    LockManager__factory.connect(context.deployment.l1.lockManager, runner).counters(),
  );
  return [["all deposits on Ethereum", state.l1Deposits, value[2]]];
}

async function compareL2(
  context: Context,
  state: ReplayState,
  account: Address,
  blockNumber: number,
): Promise<readonly Comparison[]> {
  const { eMetis, seMetis, redemptionQueue } = context.deployment.l2;
  const position = positionOf(state, account);
  const { value } = await readL2(context, blockNumber, (runner) => {
    const vault = SEMetis__factory.connect(seMetis, runner);
    const queue = RedemptionQueue__factory.connect(redemptionQueue, runner);
    const token = EMetis__factory.connect(eMetis, runner);
    const line = [queue.requestedUntil(), queue.finalisedUntil(), queue.reserved(), queue.balanceOf(account)] as const;
    const holdings = [token.balanceOf(account), vault.balanceOf(account)] as const;
    const own = Promise.all([...position.tickets].map((id) => ticketOf(queue, id)));
    return Promise.all([vault.stream(), vault.totalSupply(), ...line, ...holdings, own]);
  });
  const [stream, shares, requestedUntil, finalisedUntil, reserved, tickets, assets, ownShares, own] = value;
  return [
    ["the stream's assets", state.stream.assets, stream.assets],
    ["the stream's unvested", state.stream.unvested, stream.unvested],
    ["the stream's vestedAt", state.stream.vestedAt, stream.vestedAt],
    ["the stream's endsAt", state.stream.endsAt, stream.endsAt],
    ["the supply of seMetis", state.shares, shares],
    ["requestedUntil", state.requestedUntil, requestedUntil],
    ["finalisedUntil", state.finalisedUntil, finalisedUntil],
    ["the METIS reserved for claims", reservedOf(state), reserved],
    ["the account's tickets", BigInt(position.tickets.size), tickets],
    ["the account's eMetis", position.eMetis, assets],
    ["the account's shares", position.shares, ownShares],
    ...own.flatMap((ticket) => compareTicket(state, account, ticket)),
  ];
}

/** A ticket as the queue knows it; nobody's when it is paid out. */
async function ticketOf(queue: RedemptionQueue, id: bigint) {
  try {
    const { owner, end, claimedUntil } = await queue.ticket(id);
    return { id, owner: BigInt(owner), end, claimedUntil };
  } catch (error) {
    if (error instanceof RevertError) return { id, owner: 0n, end: 0n, claimedUntil: 0n };
    throw error;
  }
}

function compareTicket(
  { tickets }: ReplayState,
  account: Address,
  { id, owner, end, claimedUntil }: Awaited<ReturnType<typeof ticketOf>>,
): readonly Comparison[] {
  const replayed = tickets.get(id);
  return [
    [`the owner of ticket ${id}`, BigInt(account), owner],
    [`the end of ticket ${id}`, replayed?.end ?? 0n, end],
    [`what is claimed of ticket ${id}`, replayed?.claimedUntil ?? 0n, claimedUntil],
  ];
}

function expectEqual(side: Side, blockNumber: number, comparisons: readonly Comparison[]): void {
  for (const [name, replayed, view] of comparisons) {
    if (replayed === view) continue;
    throw new MissingLogsError(side, blockNumber, `the logs make ${name} ${replayed}, the contract says ${view}`);
  }
}
