import type { Context } from "../context";
import { type Head, checkChains, headOf, nodesOf, sameBlock } from "./blocks";
import { filtersOfEveryone, filtersOfL1 } from "./filters";
import { readEvents } from "./readEvents";
import { replay } from "./replay";
import type { RewardHistoryParameters } from "./rewardHistory";
import { type ReplayState, emptyState } from "./state";

/** The protocol with everyone in it, up to a block of each chain. */
export interface ProtocolReplay {
  readonly state: ReplayState;
  readonly l1: Head;
  readonly l2: Head;
}

/**
 * Replays the protocol with every account that it ever knew, from logs alone. Every sum that an event names is proved: of eMetis, of
 * the buffer, of the queue, of what crossed between the chains.
 *
 * Round trips, where the node gives all logs at once: 2 for chain ids, 2 for each head, 1 for the logs of each chain, 1 for each chain
 * to check that no reorganisation came between.
 *
 * @throws {@link MissingLogsError}, {@link ReorgError}, {@link ParameterError}, {@link ChainMismatchError}, {@link LogRangeError},
 * {@link RpcError}, {@link RpcTimeoutError}, {@link AbortedError}.
 * @example
 * const { state, l2 } = await readProtocol(context);
 * const totals = protocolTotals(state, context.deployment.l2, l2.timestamp);
 */
export async function readProtocol(
  context: Context,
  {
    confirmations = 0,
    range,
    onProgress,
  }: Pick<RewardHistoryParameters, "confirmations" | "range" | "onProgress"> = {},
): Promise<ProtocolReplay> {
  const { deployment } = context;
  await checkChains(context);
  const nodes = nodesOf(context);
  // Metis first: what it minted was deposited before.
  const l2 = await headOf(nodes.l2, confirmations);
  const l1 = await headOf(nodes.l1, confirmations);
  const options = { deployment, range, onProgress };
  const [l1Events, l2Events] = await Promise.all([
    readEvents(nodes.l1, filtersOfL1(deployment), { after: deployment.l1.startBlock - 1, head: l1 }, options),
    readEvents(nodes.l2, filtersOfEveryone(deployment), { after: deployment.l2.startBlock - 1, head: l2 }, options),
  ]);
  const state = replay(emptyState({ type: "everyone" }), [...l1Events, ...l2Events]);
  await Promise.all([sameBlock(nodes.l1, l1), sameBlock(nodes.l2, l2)]);
  return { state, l1, l2 };
}
