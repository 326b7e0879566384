import { totalAssets } from "../math/ledger";
import { type Finding, compare, donation, fault, inTransitDown } from "./line";
import type { L2Reserves } from "./readL2Reserves";

/**
 * Compares the books on Metis with what the accounts hold.
 *
 * @example
 * const findings = compareL2(reserves);
 */
export function compareL2(reserves: L2Reserves): readonly Finding[] {
  const { counters, report, balances, reserved, pending, escrowed, staked, stakedBalance } = reserves;
  return [
    compare({
      ...{ name: "poolBalance", chain: "l2", found: balances.pool, booked: counters.buffer },
      ...{ more: donation, less: fault("poolShort") },
    }),
    compare({
      ...{ name: "queueBalance", chain: "l2", found: balances.queue, booked: reserved },
      ...{ more: donation, less: fault("queueShort") },
    }),
    compare({
      ...{ name: "queueEscrow", chain: "l2", found: escrowed, booked: pending },
      ...{ more: donation, less: fault("escrowShort") },
    }),
    compare({
      ...{ name: "seMetisBalance", chain: "l2", found: stakedBalance, booked: staked },
      ...{ more: donation, less: fault("stakedShort") },
    }),
    compare({
      ...{ name: "l2GatewayBalance", chain: "l2", found: balances.gateway, booked: 0n },
      ...{ more: inTransitDown, less: inTransitDown },
    }),
    compare({
      ...{ name: "l2Books", chain: "l2", found: totalAssets(counters, report), booked: reserves.totalAssets },
      ...{ more: fault("l2BooksMismatch"), less: fault("l2BooksMismatch") },
    }),
  ];
}
