/** What governance has to sign for an act: to announce it and later to carry it out, or one call where nothing has to wait. */
import type { Provider } from "ethers";

import { AccessManager__factory } from "../artifacts";
import { type WantedCall, isRestricted, readAuthority } from "./authority";
import { ForbiddenError, NotRestrictedError } from "./errors";
import type { SafeTransaction } from "./safeBatch";

/** The calls of an act. */
export type Proposal =
  | {
      readonly type: "direct";
      readonly wanted: WantedCall;
      readonly call: SafeTransaction;
    }
  | {
      readonly type: "scheduled";
      readonly wanted: WantedCall;
      /** Seconds from the announcement on. */
      readonly delay: number;
      /** How long it can be carried out once it can, in seconds. */
      readonly expiration: number;
      /** The AccessManager's name for it. */
      readonly operation: string;
      readonly schedule: SafeTransaction;
      readonly execute: SafeTransaction;
      readonly cancel: SafeTransaction;
    };

/** A proposal that waits for its delay. */
export type ScheduledProposal = Extract<Proposal, { readonly type: "scheduled" }>;

/**
 * Builds the calls of an act, with the delay that the chain tells. Sends nothing.
 *
 * @throws {@link NotRestrictedError} when anyone may do it, {@link ForbiddenError} when the caller may not.
 */
export async function propose(provider: Provider, wanted: WantedCall): Promise<Proposal> {
  const { caller, target, data, accessManager } = wanted;
  const name = target.contract.parseTransaction({ data })?.name ?? data.slice(0, 10);
  if (!(await isRestricted(provider, target, data))) {
    throw new NotRestrictedError(`${target.name}.${name} is open to anyone: just call it`);
  }
  const authority = await readAuthority(provider, wanted);
  if (authority.type === "forbidden") {
    const role = `role ${authority.role}`;
    throw new ForbiddenError(
      `${caller} may not call ${target.name}.${name}: it needs ${role}; npm run roles says whose`,
    );
  }
  if (authority.type === "immediate") {
    return { type: "direct", wanted, call: { to: target.address, value: 0n, data } };
  }
  const manager = AccessManager__factory.connect(accessManager, provider);
  return {
    type: "scheduled",
    wanted,
    delay: authority.delay,
    expiration: Number(await manager.expiration()),
    operation: await manager.hashOperation(caller, target.address, data),
    ...delayedCalls(wanted),
  };
}

/** The calls on the AccessManager that announce an act, carry it out and call it off. */
export function delayedCalls({
  accessManager,
  caller,
  target,
  data,
}: Pick<WantedCall, "accessManager" | "caller" | "data"> & { readonly target: { readonly address: string } }): {
  readonly schedule: SafeTransaction;
  readonly execute: SafeTransaction;
  readonly cancel: SafeTransaction;
} {
  const manager = AccessManager__factory.createInterface();
  const call = (encoded: string): SafeTransaction => ({ to: accessManager, value: 0n, data: encoded });
  return {
    schedule: call(manager.encodeFunctionData("schedule", [target.address, data, 0])),
    execute: call(manager.encodeFunctionData("execute", [target.address, data])),
    cancel: call(manager.encodeFunctionData("cancel", [caller, target.address, data])),
  };
}
