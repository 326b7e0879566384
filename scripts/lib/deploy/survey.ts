/** What of a plan is on the chains already, and whether the rest can still become what the plan says. */
import { type BlockTag, type Provider, keccak256 } from "ethers";

import type { Chain } from "../chain/chain";
import { ForeignNonceError, NoEffectError, PendingTransactionError, StrangeCodeError } from "./errors";
import type { PlanFile, PlannedStart } from "./planFile";
import type { CreateStep, SentStep, Step } from "./steps";

/** The code that creations leave, by the names of their steps. */
export type ExpectedCode = ReadonlyMap<string, string>;

/**
 * Whether a step is done in the state after a block.
 *
 * @throws {@link StrangeCodeError} when there is other code where the step puts its own, and what the step itself throws.
 */
export async function isDone(
  provider: Provider,
  step: Step,
  expected: ExpectedCode,
  block: BlockTag = "latest",
): Promise<boolean> {
  if (step.type !== "create") return step.isDone(provider, block);
  const found = await provider.getCode(step.address, block);
  if (found === "0x") return false;
  const code = codeOf(expected, step);
  if (found !== code) throw new StrangeCodeError(step.name, step.address, keccak256(code), keccak256(found));
  return true;
}

/** What a creation leaves. */
export function codeOf(expected: ExpectedCode, { name }: CreateStep): string {
  const code = expected.get(name);
  if (code === undefined) throw new Error(`${name} was not rehearsed`);
  return code;
}

/**
 * Makes sure that the nonce of a step that is not done is still to be had, `next` being the deployer's next one.
 *
 * @throws {@link ForeignNonceError} when it is not, {@link NoEffectError} when it was used for this step, which the chain does not show.
 */
export async function checkNonce(provider: Provider, step: SentStep, plan: PlanFile, next: number): Promise<void> {
  if (step.nonce === undefined || next <= step.nonce) return;
  const { deployer } = plan[step.layer];
  const own = await readOwn(provider, step, plan);
  if (own?.status === 1) throw new NoEffectError(step.name, own.hash);
  throw new ForeignNonceError(step.name, step.layer, deployer, step.nonce, next, own?.hash);
}

/** The transaction of this plan that used the nonce of a step, whether it succeeded or not; `undefined` when none did. */
export async function readOwn(provider: Provider, { layer, nonce }: SentStep, plan: PlanFile) {
  const hashes = nonce === undefined ? [] : (plan.transactions[layer][nonce] ?? []);
  for (const hash of hashes) {
    const receipt = await provider.getTransactionReceipt(hash);
    if (receipt !== null) return receipt;
  }
  return undefined;
}

/**
 * Where a new plan begins on a chain.
 *
 * @throws {@link PendingTransactionError} while the deployer has something under way.
 */
export async function readStart({ settings, provider }: Chain, deployer: string): Promise<PlannedStart> {
  const block = await provider.getBlockNumber();
  const nonce = await provider.getTransactionCount(deployer, "latest");
  const pending = await provider.getTransactionCount(deployer, "pending");
  if (pending > nonce) throw new PendingTransactionError(settings.layer, deployer, nonce, pending);
  return { chainId: settings.chainId, deployer, nonce, block };
}
