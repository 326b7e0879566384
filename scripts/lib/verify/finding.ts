/** What a verification compares. Everything is data: a finding is a comparison whose two sides differ. */
import type { Layer } from "../../config/localChains";

/** What kind of thing is compared. */
export type FindingType =
  /** The chain that a record names. */
  | "recordedChain"
  /** The hash of code that a record names. */
  | "recordedCodeHash"
  /** Whether there is a contract at all. */
  | "contract"
  /** Code without immutables and without the compiler's metadata. */
  | "code"
  /** The compiler's metadata behind the code: the hash of all sources. */
  | "metadata"
  /** A value that the constructor wrote into the code. */
  | "immutable"
  /** What a proxy or a beacon delegates to. */
  | "implementation"
  /** Slots by which something else than the implementation's own rules could rule a proxy. */
  | "proxySlot"
  /** What a vault asks for its implementation, and who owns that. */
  | "beacon"
  /** The version that a contract was initialised to, which is that of its storage layout. */
  | "initialisedVersion"
  | "storageLayout"
  | "authority"
  /** The gateway on the other chain. */
  | "peer"
  | "parameter"
  | "treasury"
  | "pause"
  | "roleMember"
  | "roleDelay"
  | "roleGrantDelay"
  | "roleAdmin"
  | "roleGuardian"
  | "functionRole"
  | "targetClosed"
  | "targetAdminDelay"
  /** Logs and views of an AccessManager that contradict each other. */
  | "contradiction"
  | "vaultCount"
  | "vaultAddress"
  | "vaultOperator"
  | "vaultPubkey"
  | "vaultCap"
  | "vaultCommission"
  | "allowance"
  /** An address of Metis's contracts. */
  | "external";

/** Two sides that must be equal, as people read them. */
export interface Comparison {
  readonly type: FindingType;
  readonly chain: Layer;
  /** As the records name it, or a part of it: "LockManager", "LockManager implementation", "vault 0". */
  readonly contract: string;
  /** What of it: "protocolFeeBps". */
  readonly item: string;
  /** By the artifacts, the records, `setup.json`, `external.json` or the configuration. */
  readonly expected: string;
  /** On the chain. */
  readonly found: string;
}

/** A comparison whose sides differ. */
export interface Finding extends Comparison {
  /** All of it in one sentence. */
  readonly message: string;
}

/** What a contract that was asked did not say: it has no such view, or reverts. */
export const noAnswer = "no answer";

/** The comparisons that failed. */
export function findingsIn(comparisons: readonly Comparison[]): readonly Finding[] {
  return comparisons
    .filter(({ expected, found }) => expected !== found)
    .map((comparison) => ({ ...comparison, message: messageOf(comparison) }));
}

/** Everything of one contract that is told as a table: the items, and both sides of each. */
export function compareEach(
  of: Pick<Comparison, "type" | "chain" | "contract">,
  sides: readonly (readonly [item: string, expected: string, found: string])[],
): readonly Comparison[] {
  return sides.map(([item, expected, found]) => ({ ...of, item, expected, found }));
}

function messageOf({ chain, contract, item, expected, found }: Comparison): string {
  return `${chain} ${contract}: ${item} is ${found}, expected ${expected}`;
}
