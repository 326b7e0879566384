import { max } from "../math/integers";
import { type CheckedVault, commission } from "./foreseeReport";
import { type Finding, compare, donation, fault, inTransitDown, notYetReported } from "./line";
import type { L1Reserves } from "./readL1Reserves";

/**
 * Compares LockManager's books with what LockingPool and the METIS token say.
 *
 * @example
 * const findings = compareL1(reserves, checkVaults(reserves.vaults));
 */
export function compareL1(reserves: L1Reserves, vaults: readonly CheckedVault[]): readonly Finding[] {
  const { balance, gatewayBalance, idle, owed, l1Assets } = reserves;
  const operators = vaults.reduce((sum, vault) => sum + vault.owed, 0n);
  const books = vaults.reduce((sum, vault) => sum + vault.principal + vault.reward - commission(vault), idle);
  const own = [
    compare({
      ...{ name: "lockManagerBalance", chain: "l1", found: balance, booked: idle },
      ...{ more: notYetReported, less: fault("lockManagerShort") },
    }),
    compare({
      ...{ name: "l1GatewayBalance", chain: "l1", found: gatewayBalance, booked: 0n },
      ...{ more: donation, less: donation },
    }),
    compare({
      ...{ name: "owed", chain: "l1", found: operators, booked: owed },
      ...{ more: fault("owedMismatch"), less: fault("owedMismatch") },
    }),
    compare({
      ...{ name: "l1Books", chain: "l1", found: max(0n, books - owed), booked: l1Assets },
      ...{ more: fault("l1BooksMismatch"), less: fault("l1BooksMismatch") },
    }),
  ];
  return [...own, ...vaults.flatMap(compareVault)];
}

function compareVault(vault: CheckedVault): readonly Finding[] {
  const { index, counted, principal, reward, balance, isForcedOut, fault: positionFault } = vault;
  const common = { chain: "l1", vault: index, more: donation } as const;
  const own = compare({ ...common, name: "vaultBalance", found: balance, booked: 0n, less: donation });
  if (positionFault !== undefined) {
    const booked = principal + reward;
    return [compare({ ...common, name: "position", found: 0n, booked, less: fault(positionFault) }), own];
  }
  const { amount, reward: unpaid } = counted ?? { amount: 0n, reward: 0n };
  return [
    compare({ ...common, name: "principal", found: amount, booked: principal, less: fault("principalMissing") }),
    compare({
      ...{ ...common, name: "reward", found: unpaid, booked: isForcedOut ? 0n : reward },
      ...{ more: notYetReported, less: fault("rewardMissing") },
    }),
    ...(isForcedOut
      ? [compare({ ...common, name: "rewardPaidByForce", found: 0n, booked: reward, less: inTransitDown })]
      : []),
    own,
  ];
}
