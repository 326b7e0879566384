import type { Deployment } from "../deployments";
import { CursorError } from "../errors";
import type { Address, Hex } from "../types";
import { type JsonFields, jsonReaders } from "./json";
import { type ReplayState, type Scope, emptyState } from "./state";

/** Of cursors as this release writes them. */
export const cursorVersion = 1;

/** A block by both of its names. */
export interface BlockId {
  readonly blockNumber: number;
  readonly blockHash: Hex;
}

/** Up to where a history was read, and the state there. */
export interface Checkpoint {
  readonly l2: BlockId;
  /** `undefined` when no log of Ethereum was used yet. */
  readonly l1: BlockId | undefined;
  /** The latest second that `state` knows of. */
  readonly clock: bigint;
  readonly state: ReplayState;
}

/** Where a history goes on: plain data for `JSON.stringify`, as large as what the account holds and the tickets of the queue. */
export interface Cursor {
  readonly schemaVersion: number;
  /** Which deployment it is of. */
  readonly deployment: string;
  readonly account: Address;
  /** The newest first. */
  readonly checkpoints: readonly unknown[];
}

const readers = jsonReaders((path, value, expected) => {
  throw new CursorError(path, value, `be ${expected}`);
});

/**
 * A cursor of checkpoints, the newest first.
 *
 * @example
 * const text = JSON.stringify(writeCursor(deployment, account, checkpoints));
 */
export function writeCursor(deployment: Deployment, account: Address, checkpoints: readonly Checkpoint[]): Cursor {
  return {
    schemaVersion: cursorVersion,
    deployment: keyOf(deployment),
    account,
    checkpoints: checkpoints.map(({ l1, l2, clock, state }) => ({
      ...{ l1: l1 === undefined ? null : idOf(l1), l2: idOf(l2), clock: String(clock) },
      state: stateToJson(state, account),
    })),
  };
}

/**
 * The checkpoints of a cursor, the newest first. Every field is checked.
 *
 * @throws {@link CursorError} when it is malformed, of another version, deployment or account.
 * @example
 * const [newest] = readCursor(deployment, account, JSON.parse(text));
 */
export function readCursor(deployment: Deployment, account: Address, cursor: unknown): readonly Checkpoint[] {
  const { object, list, wei } = readers;
  const fields = object("cursor", cursor);
  expectField(fields, "schemaVersion", cursorVersion);
  expectField(fields, "deployment", keyOf(deployment));
  expectField(fields, "account", account);
  return list("checkpoints", fields.checkpoints).map((value, position) => {
    const path = `checkpoints[${position}]`;
    const { l1, l2, clock, state } = object(path, value);
    return {
      l1: l1 === null ? undefined : blockId(`${path}.l1`, l1),
      l2: blockId(`${path}.l2`, l2),
      clock: wei(`${path}.clock`, clock),
      state: stateFromJson(`${path}.state`, state, { type: "account", account }),
    };
  });
}

function expectField(fields: JsonFields, name: string, expected: string | number): void {
  if (fields[name] !== expected) throw new CursorError(name, fields[name], `be ${expected}`);
}

/** Names the deployment: two on the same chains differ in their contracts. */
function keyOf({ l1, l2 }: Deployment): string {
  return `${l1.chainId}:${l1.lockManager} ${l2.chainId}:${l2.stakingPool}`;
}

/** Nothing but the names of a block, whatever else is known of it. */
function idOf({ blockNumber, blockHash }: BlockId): BlockId {
  return { blockNumber, blockHash };
}

function blockId(path: string, value: unknown): BlockId {
  const fields = readers.object(path, value);
  return {
    blockNumber: readers.integer(`${path}.blockNumber`, fields.blockNumber),
    blockHash: readers.hash(`${path}.blockHash`, fields.blockHash),
  };
}

function stateToJson(state: ReplayState, account: Address) {
  const { stream, shares, requestedUntil, finalisedUntil, handedOut, reportNumber, l1Deposits } = state;
  const position = state.positions.get(account);
  const pairs = [...(position?.l1Deposits ?? [])];
  return {
    stream: [stream.assets, stream.unvested, stream.vestedAt, stream.endsAt].map(String),
    sums: [shares, requestedUntil, finalisedUntil, handedOut, reportNumber, l1Deposits].map(String),
    treasury: state.treasury ?? null,
    rates: state.rates.map((rate) => [rate.position, rate.payout, rate.rate].map(String)),
    tickets: [...state.tickets].map(([id, { claimedUntil, end }]) => [id, claimedUntil, end].map(String)),
    // Null tells an account that no log named from one that has nothing left.
    holdings: position === undefined ? null : [position.eMetis, position.shares].map(String),
    ownTickets: [...(position?.tickets ?? [])].map(String),
    ownL1Deposits: pairs.map((pair) => pair.map(String)),
  };
}

function stateFromJson(path: string, value: unknown, scope: Scope & { readonly type: "account" }): ReplayState {
  const fields = readers.object(path, value);
  const state = { ...emptyState(scope), ...sumsFrom(path, fields) };
  if (fields.treasury !== null) state.treasury = readers.address(`${path}.treasury`, fields.treasury);
  for (const [position = 0n, payout = 0n, rate = 0n] of tuples(`${path}.rates`, fields.rates, 3)) {
    state.rates.push({ position, payout, rate });
  }
  for (const [id = 0n, claimedUntil = 0n, end = 0n] of tuples(`${path}.tickets`, fields.tickets, 3)) {
    state.tickets.set(id, { claimedUntil, end });
  }
  readHoldings(state, path, fields, scope.account);
  return state;
}

function readHoldings(state: ReplayState, path: string, fields: JsonFields, account: Address): void {
  if (fields.holdings === null) return;
  const [eMetis = 0n, shares = 0n] = numbers(`${path}.holdings`, fields.holdings, 2);
  const ids = readers.list(`${path}.ownTickets`, fields.ownTickets);
  const pairs = tuples(`${path}.ownL1Deposits`, fields.ownL1Deposits, 2);
  const l1Deposits = pairs.map(([number = 0n, assets = 0n]): [bigint, bigint] => [number, assets]);
  const tickets = new Set(ids.map((id, position) => readers.wei(`${path}.ownTickets[${position}]`, id)));
  state.positions.set(account, { eMetis, shares, tickets, l1Deposits: new Map(l1Deposits) });
}

function sumsFrom(path: string, fields: JsonFields) {
  const [assets = 0n, unvested = 0n, vestedAt = 0n, endsAt = 0n] = numbers(`${path}.stream`, fields.stream, 4);
  const sums = numbers(`${path}.sums`, fields.sums, 6);
  const [shares = 0n, requestedUntil = 0n, finalisedUntil = 0n, handedOut = 0n, reportNumber = 0n, l1Deposits = 0n] =
    sums;
  const stream = { assets, unvested, vestedAt, endsAt };
  return { stream, shares, requestedUntil, finalisedUntil, handedOut, reportNumber, l1Deposits };
}

function tuples(path: string, value: unknown, length: number): readonly (readonly bigint[])[] {
  return readers.list(path, value).map((tuple, position) => numbers(`${path}[${position}]`, tuple, length));
}

function numbers(path: string, value: unknown, length: number): readonly bigint[] {
  const entries = readers.list(path, value);
  if (entries.length !== length) throw new CursorError(path, value, `have ${length} numbers`);
  return entries.map((entry, position) => readers.wei(`${path}[${position}]`, entry));
}
