/** Metis's side just deployed, for the simulator and for the bench. */
import { poolParameters } from "../../../scripts/config/parameters";
import type { Deployment } from "../../../scripts/lib/deployment";
import { setBalance } from "../../../scripts/lib/localNode";
import { predeploys } from "../../../scripts/lib/predeploys";
import type { L2Action } from "../../../sdk/src/simulator/l2/simulateL2";
import { type L2State, startL2 } from "../../../sdk/src/simulator/l2/state";
import type { Chain } from "../chains";
import { BRIDGE_FEE } from "../pool";
import { namespaceSlot } from "../queue";
import type { L2Bench } from "./l2Bench";
import type { Players } from "./l2Player";

/** What every player starts with, wei of METIS. */
const fortune = 400_000n * 10n ** 18n;

const unlimited = 2n ** 256n - 1n;

/** The contracts and the simulator's state, the same. */
export interface L2Beginning {
  readonly bench: L2Bench;
  readonly start: L2State;
}

/** Who is there. */
export interface L2Cast {
  readonly deployment: Deployment;
  readonly players: Players;
  readonly treasury: string;
}

/** Gives every player a fortune and looks at the rest. */
export async function startOn(l2: Chain, { deployment, players, treasury }: L2Cast): Promise<L2Beginning> {
  const node = l2.provider;
  const { l1ChainId, l2ChainId, l1 } = deployment;
  const network = { ...deployment.l2, l1ChainId, l2ChainId, lockManager: l1.lockManager };
  const { stakingPool, redemptionQueue, l2Gateway } = network;
  const metis: Record<string, bigint> = { [stakingPool]: 0n, [redemptionQueue]: 0n, [l2Gateway]: 0n };
  for (const account of [...players.users, players.refuser]) {
    await setBalance(node, account, fortune);
    metis[account] = fortune;
  }
  await l2.impersonate(predeploys.bridge);
  const head = BigInt(await node.getStorage(redemptionQueue, namespaceSlot("RedemptionQueue")));
  const powerful = [players.governor];
  const start = startL2({
    time: BigInt(await l2.now()),
    initialisedAt: BigInt.asUintN(32, head >> 96n) * 3_600n,
    network,
    powers: { governance: powerful, tightener: powerful, lossConfirmer: powerful, guardian: powerful },
    parameters: poolParameters,
    treasury,
    l1Gateway: l1.l1Gateway,
    bridgeFee: BRIDGE_FEE,
    metis,
    refusers: { [players.refuser]: true },
  });
  return { bench: { node, network, owner: players.governor }, start };
}

/** Users let vault and queue take what they have, but for the last of them. */
export function openingL2({ network }: L2State, { users }: Players): readonly L2Action[] {
  const { seMetis, redemptionQueue } = network;
  const pairs = [
    ["eMetis", seMetis],
    ["eMetis", redemptionQueue],
    ["seMetis", redemptionQueue],
  ] as const;
  return users
    .slice(0, -1)
    .flatMap((caller) =>
      pairs.map(([token, spender]) => ({ type: "approve", caller, token, spender, value: unlimited })),
    );
}
