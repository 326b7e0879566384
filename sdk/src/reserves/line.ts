import type { PositionFault } from "./foreseeReport";

/**
 * Why two numbers differ. `inTransit`: it left one chain and is not booked on the other. `notYetReported`: it happened since
 * something was last booked, and will be. `donation`: nobody announced it; it is more than is owed. `fault`: it cannot be.
 */
export type Explanation = "equal" | "inTransit" | "notYetReported" | "donation" | "fault";

/** What is wrong, each for one comparison. The messages say what it means. */
export type FaultType = PositionFault | keyof typeof meanings;

/** One comparison, in wei. */
export interface Line {
  readonly name: LineName;
  /** Where both numbers are from; `both`: `found` is from one chain and `booked` from the other. */
  readonly chain: "l1" | "l2" | "both";
  /** Which vault, where it is of one. */
  readonly vault?: number;
  /** What is there. */
  readonly found: bigint;
  /** What should be there by the books. */
  readonly booked: bigint;
  /** `found − booked`. */
  readonly difference: bigint;
  readonly explanation: Explanation;
  /** Where it goes, of what is in transit: `up` takes seven days and more, `down` minutes to hours. */
  readonly direction?: "up" | "down";
}

/** What cannot be, if the protocol is whole. */
export interface Fault {
  readonly type: FaultType;
  /** Which vault, where it is of one. */
  readonly vault?: number;
  /** By how much, wei; of `unknownReport` its number. */
  readonly amount: bigint;
  /** What is wrong, and the amount. */
  readonly message: string;
}

/** A comparison, and the fault that it showed. */
export interface Finding {
  readonly line: Line;
  readonly fault?: Fault;
}

/** What is compared. */
export type LineName =
  | "lockManagerBalance"
  | "l1GatewayBalance"
  | "owed"
  | "l1Books"
  | "principal"
  | "reward"
  /** Of a vault whose position counts for nothing: in place of both above. */
  | "position"
  | "rewardPaidByForce"
  | "vaultBalance"
  | "poolBalance"
  | "queueBalance"
  | "queueEscrow"
  | "seMetisBalance"
  | "l2GatewayBalance"
  | "l2Books"
  | "sentUp"
  | "sentDown"
  | "l1DepositsMinted"
  | "earnedOnL1"
  | "reportedReceivedFromL2"
  | "reportedSentToL2"
  | "reportedL1Deposits";

/** What a difference means, by its sign. */
export type Meaning =
  | { readonly explanation: "notYetReported" | "donation" }
  | { readonly explanation: "inTransit"; readonly direction: "up" | "down" }
  | { readonly explanation: "fault"; readonly type: FaultType };

/** Both numbers, and what it means when more, or less, is found than booked. */
export interface Comparison extends Pick<Line, "name" | "chain" | "found" | "booked"> {
  readonly vault?: number;
  readonly more: Meaning;
  readonly less: Meaning;
}

const meanings = {
  lockManagerShort: "LockManager holds less METIS than it books as idle",
  principalMissing: "LockingPool has less METIS locked for the vault than LockManager books",
  rewardMissing: "LockingPool has less reward for the vault than LockManager books, and paid none by force",
  owedMismatch: "what operators are owed is not the sum of what each is owed",
  l1BooksMismatch: "LockManager's l1Assets is not the sum of its books",
  poolShort: "StakingPool holds less METIS than its buffer",
  queueShort: "RedemptionQueue holds less METIS than finalised tickets will be paid",
  escrowShort: "RedemptionQueue holds less eMetis than waits in it",
  stakedShort: "seMetis holds less eMetis than it has booked",
  l2BooksMismatch: "StakingPool's totalAssets is not the sum of its lines",
  unbackedL1Mints: "more eMetis was minted for deposits on Ethereum than was deposited there",
  reportAhead: "the report that Metis works with counts more than Ethereum has",
  reportMisstated: "the report that Metis works with claimed more METIS than there was, and no loss was seen since",
  unknownReport: "Metis works with a report that Ethereum never sent",
  attributedTooMuch: "more is booked as given than ever arrived",
  positionUnreadable: "LockingPool does not tell of the vault's position, so it counts as nothing",
  positionNotOurs: "the position is not the vault's, so it counts as nothing",
  positionShared: "two vaults claim the same position, so it counts once",
} as const;

/** Meanings that need no more than their name. */
export const donation: Meaning = { explanation: "donation" };
export const notYetReported: Meaning = { explanation: "notYetReported" };
export const inTransitUp: Meaning = { explanation: "inTransit", direction: "up" };
export const inTransitDown: Meaning = { explanation: "inTransit", direction: "down" };

/**
 * The meaning of a difference that cannot be.
 *
 * @example
 * compare({ name: "owed", chain: "l1", found: 1n, booked: 2n, more: fault("owedMismatch"), less: fault("owedMismatch") });
 */
export function fault(type: FaultType): Meaning {
  return { explanation: "fault", type };
}

/**
 * Compares what is found with what is booked.
 *
 * @example
 * compare({ name: "poolBalance", chain: "l2", found: 5n, booked: 3n, more: donation, less: fault("poolShort") });
 */
export function compare({ more, less, ...numbers }: Comparison): Finding {
  const difference = numbers.found - numbers.booked;
  const line = { ...numbers, difference };
  if (difference === 0n) return { line: { ...line, explanation: "equal" } };
  const meaning = difference > 0n ? more : less;
  if (meaning.explanation !== "fault") return { line: { ...line, ...meaning } };
  const amount = difference > 0n ? difference : -difference;
  return {
    line: { ...line, explanation: "fault" },
    fault: faultOf(meaning.type, amount, numbers.vault),
  };
}

/**
 * A fault with its message.
 *
 * @param amount - By how much, wei.
 * @example
 * faultOf("poolShort", 5n);
 */
export function faultOf(type: FaultType, amount: bigint, vault?: number): Fault {
  const where = vault === undefined ? "" : ` (vault ${vault})`;
  const what = type === "unknownReport" ? `number ${amount}` : `${amount} wei`;
  return { type, ...(vault === undefined ? {} : { vault }), amount, message: `${meanings[type]}${where}: ${what}.` };
}
