import type { Book } from "../../math/vaultBook";
import type { BridgeState, L1Network, L1Powers, L1State, LockingPoolState, MetisState, Parameters } from "./state";

/** Ethereum's side just after its deployment, and Metis's contracts as they are by then. */
export interface L1Start {
  /** When LockManager was initialised, Unix seconds. */
  readonly time: bigint;
  readonly network: L1Network;
  readonly powers: L1Powers;
  readonly parameters: Parameters;
  /** The vaults that governance has added, in their order. */
  readonly books: readonly Book[];
  readonly metis: MetisState;
  readonly pool: LockingPoolState;
  readonly prices: Pick<BridgeState, "discount" | "minL2Gas">;
}

/**
 * The state of Ethereum's side when nothing has been deposited yet.
 *
 * @example
 * const state = startL1({ ...l1Start, time: 1_800_000_000n });
 */
export function startL1({ time, network, powers, parameters, books, metis, pool, prices }: L1Start): L1State {
  return {
    time,
    network,
    powers,
    metis,
    manager: {
      idle: 0n,
      owed: 0n,
      lossSeenAt: 0n,
      unreachedSince: 0n,
      receivedFromL2: 0n,
      sentToL2: 0n,
      lastMessage: 0n,
      readAt: time,
      l1Deposits: 0n,
      needTarget: 0n,
      needNumber: 0n,
      pausedAt: 0n,
      pausedUntil: 0n,
      parameters,
      recalled: { used: 0n, usedAt: 0n },
      payloadHashes: [],
      books,
    },
    pool,
    bridge: { ...prices, crossings: [] },
  };
}
