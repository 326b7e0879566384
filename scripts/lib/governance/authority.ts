/** What an account may do by an AccessManager, and how long it has to wait: asked of the chain itself. */
import { type AbstractProvider, type Interface, type Provider } from "ethers";

import type { AccessManager } from "../../../typechain-types";
import { AccessManager__factory } from "../artifacts";
import { revertOf } from "../../../sdk/src/reverts";
import { RevertError, UnknownRevertError } from "../../../sdk/src/errors";
import type { Target } from "./targets";

/** A call that somebody wants to make. */
export interface WantedCall {
  readonly accessManager: string;
  readonly caller: string;
  readonly target: Target;
  readonly data: string;
}

/** Whether and when a caller may make a call. */
export type Authority =
  | { readonly type: "immediate" }
  /** After so many seconds. */
  | { readonly type: "delayed"; readonly delay: number }
  | { readonly type: "forbidden"; readonly role: bigint };

/** An account that has no role anywhere. */
const nobody = "0x000000000000000000000000000000000000dEaD";

/** By these a function says that it is not for everybody. */
const refusals = [
  "AccessManagedUnauthorized",
  "AccessManagerUnauthorizedAccount",
  "AccessManagedRequiredDelay",
  "OwnableUnauthorizedAccount",
];

/** Functions of the AccessManager whose role and delay depend on their arguments. */
const byRole = ["grantRole", "revokeRole"];
const byTarget = ["setTargetClosed", "setTargetFunctionRole", "updateAuthority"];

/** Reads what the caller may do now. */
export async function readAuthority(provider: Provider, call: WantedCall): Promise<Authority> {
  const manager = AccessManager__factory.connect(call.accessManager, provider);
  if (call.target.address === call.accessManager) return readOwnAuthority(manager, call);
  const { caller, target, data } = call;
  const selector = data.slice(0, 10);
  const { immediate, delay } = await manager.canCall(caller, target.address, selector);
  if (immediate) return { type: "immediate" };
  if (delay > 0n) return { type: "delayed", delay: Number(delay) };
  return { type: "forbidden", role: await manager.getTargetFunctionRole(target.address, selector) };
}

/** `canCall` does not know the rules that the AccessManager has for itself: grants are the role's administrator's. */
async function readOwnAuthority(manager: AccessManager, { caller, data }: WantedCall): Promise<Authority> {
  const call = manager.interface.parseTransaction({ data });
  const [first] = call?.args ?? [];
  const role = byRole.includes(call?.name ?? "") ? await manager.getRoleAdmin(BigInt(String(first))) : 0n;
  const least = byTarget.includes(call?.name ?? "") ? await manager.getTargetAdminDelay(String(first)) : 0n;
  const { isMember, executionDelay } = await manager.hasRole(role, caller);
  if (!isMember) return { type: "forbidden", role };
  const delay = Number(executionDelay > least ? executionDelay : least);
  return delay === 0 ? { type: "immediate" } : { type: "delayed", delay };
}

/** Whether a function refuses who has no role. It is called as nobody: what it says first is whether he may. */
export async function isRestricted(provider: Provider, target: Target, data: string): Promise<boolean> {
  const reason = await reasonOf(provider, { from: nobody, to: target.address, data }, [target.contract]);
  return reason !== undefined && refusals.some((refusal) => reason.startsWith(`${refusal}(`));
}

/** A call that is tried. */
export interface TriedCall {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/** The error that a call would end with, with its values; `undefined` when it would succeed. */
export async function reasonOf(
  provider: Pick<AbstractProvider, "call">,
  call: TriedCall,
  contracts: readonly Interface[] = [],
): Promise<string | undefined> {
  try {
    await provider.call(call);
    return undefined;
  } catch (error) {
    return explainRevert(error, contracts);
  }
}

/** A revert in words, by the errors of the protocol and of further contracts. */
export function explainRevert(error: unknown, contracts: readonly Interface[] = []): string {
  const revert = revertOf(error);
  if (revert instanceof RevertError) return `${revert.error}(${Object.values(revert.args).map(String).join(", ")})`;
  const data = revert instanceof UnknownRevertError ? revert.data : "0x";
  // ethers refuses to look for an error in less than a selector.
  const isNamed = data.length >= "0x12345678".length;
  const known = (isNamed ? contracts : [])
    .map((contract) => contract.parseError(data))
    .find((parsed) => parsed !== null);
  if (known !== undefined) return `${known.name}(${known.args.map(String).join(", ")})`;
  return revert?.message ?? (error instanceof Error ? error.message : String(error));
}
