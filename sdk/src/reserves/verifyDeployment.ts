import { checkAddress, nobody } from "../check";
import type { Context } from "../context";
import type { RecordedCode } from "../deployments";
import { BytecodeMismatchError, WiringError } from "../errors";
import type { Address } from "../types";
import { recordCode } from "./recordCode";
import { type Wire, readL1Wiring, readL2Wiring } from "./readWiring";

/** What {@link verifyDeployment} compared. */
export interface VerifiedDeployment {
  /** Contracts whose code, and what they delegate to, is as recorded: "l2.stakingPool". */
  readonly verified: readonly string[];
  /** Contracts that the deployment records no code of: nothing is known of what they do. */
  readonly unrecorded: readonly string[];
}

/**
 * Checks that a deployment is what it says: both chains by their ids, a contract at every address, addresses that know each other, and the
 * code that was recorded. 4 round trips on each chain.
 *
 * @returns What was compared. All is well when it returns; `unrecorded` is not empty when the deployment has no hashes to compare with.
 * @throws {@link ChainMismatchError}, {@link NoContractError}, {@link WiringError} when addresses do not belong together or a proxy
 * delegates elsewhere, {@link BytecodeMismatchError}, and as {@link readL1} and {@link readL2}.
 * @example
 * const { unrecorded } = await verifyDeployment(context);
 */
export async function verifyDeployment(context: Context): Promise<VerifiedDeployment> {
  const wires = await Promise.all([readL1Wiring(context), readL2Wiring(context)]);
  for (const wire of wires.flat()) requireWired(wire);
  const found = await recordCode(context);
  const { l1, l2 } = context.deployment;
  const l1Names = compareCode("l1", found.l1, l1.code, { ...l1 });
  const l2Names = compareCode("l2", found.l2, l2.code, { ...l2 });
  return {
    verified: [...l1Names.verified, ...l2Names.verified],
    unrecorded: [...l1Names.unrecorded, ...l2Names.unrecorded],
  };
}

function requireWired({ view, expected, actual }: Wire): void {
  if (actual !== expected) throw new WiringError(view, expected, actual);
}

function compareCode(
  side: string,
  found: Readonly<Record<string, RecordedCode>>,
  recorded: Readonly<Record<string, RecordedCode>>,
  addresses: Readonly<Record<string, unknown>>,
): VerifiedDeployment {
  const names = Object.entries(found).map(([name, code]) => {
    const expected = recorded[name];
    if (expected === undefined) return { verified: [], unrecorded: [`${side}.${name}`] };
    requireSame(`${side}.${name}`, checkAddress(name, String(addresses[name])), expected, code);
    return { verified: [`${side}.${name}`], unrecorded: [] };
  });
  return {
    verified: names.flatMap(({ verified }) => verified),
    unrecorded: names.flatMap(({ unrecorded }) => unrecorded),
  };
}

function requireSame(name: string, address: Address, expected: RecordedCode, found: RecordedCode): void {
  if (found.codeHash !== expected.codeHash) {
    throw new BytecodeMismatchError(name, address, expected.codeHash, found.codeHash);
  }
  const [before, now] = [expected.implementation, found.implementation];
  if (before?.address !== now?.address) {
    throw new WiringError(`${name}.implementation`, before?.address ?? nobody, now?.address ?? nobody);
  }
  if (before !== undefined && now !== undefined && before.codeHash !== now.codeHash) {
    throw new BytecodeMismatchError(`${name}.implementation`, now.address, before.codeHash, now.codeHash);
  }
}
