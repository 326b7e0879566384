import type { Token } from "../actions/approve";
import { approve } from "../actions/approve";
import type { PermitParameters } from "../actions/permitTypedData";
import { GAS_PRICE_ORACLE } from "../actions/readBridgeFees";
import { checkAddress } from "../check";
import type { Context } from "../context";
import type { Deployment } from "../deployments";
import {
  IERC20__factory,
  IGasPriceOracle__factory,
  L1Gateway__factory,
  SEMetis__factory,
} from "../generated/contracts";
import { max } from "../math/integers";
import { previewMint } from "../math/shares";
import { type PinnedRunner, readL1, readL2 } from "../rpc/readPinned";
import type { Address, Call } from "../types";
import { type NeededAmount, type Needs, type TokenNeed, needsOf } from "./needs";
import { type TicketRequirement, missingApprovals } from "./ticketApprovals";

/** Something that has to be there before a call can be sent, and is not. Amounts in wei. */
export type Requirement =
  /** The owner has too few tokens. */
  | {
      readonly type: "balance";
      readonly token: Token;
      readonly owner: Address;
      readonly needed: bigint;
      readonly available: bigint;
    }
  /** `spender` may not take enough of the owner's tokens. */
  | {
      readonly type: "allowance";
      readonly token: Token;
      readonly owner: Address;
      readonly spender: Address;
      readonly needed: bigint;
      readonly available: bigint;
      /** The approval, which `owner` has to send. */
      readonly call: Call;
      /** On Metis, what `owner` can sign instead, once it has a deadline: {@link permitTypedData}. */
      readonly permit?: Omit<PermitParameters, "deadline">;
    }
  /** The sender has less of the chain's own coin than the call sends along; gas comes on top. */
  | { readonly type: "value"; readonly needed: bigint; readonly available: bigint }
  /** The call sends along less than the bridge takes by now: build it again with a fee of `needed`. */
  | { readonly type: "fee"; readonly needed: bigint; readonly available: bigint }
  /** The sender of `claimTo` neither owns a ticket nor is approved for it. */
  | TicketRequirement;

/**
 * What has to be there before `from` can send a call of the protocol, and is not; empty when nothing is missing. 1 round trip on
 * the call's chain, 2 for `claimTo`. It does not say whether the contracts would refuse for other reasons: previews do.
 *
 * The cost of `mintShares` rises while rewards vest: `needed` is that of the block read, the approval is over the most that it can
 * be before another report.
 *
 * @throws {@link ParameterError} when it is no call of the deployment, {@link AddressError}, as {@link readL2}.
 * @example
 * for (const requirement of await requirementsOf(context, { call, from })) {
 *   if (requirement.type === "allowance") await send(signer, requirement.call);
 * }
 */
export async function requirementsOf(
  context: Context,
  { call, from }: { readonly call: Call; readonly from: string },
): Promise<readonly Requirement[]> {
  const { deployment } = context;
  const sender = checkAddress("from", from);
  const needs = needsOf(deployment, { ...call, to: checkAddress("call.to", call.to) }, sender);
  const read = (runner: PinnedRunner) => missingOf(runner, deployment, { call, sender, needs });
  const isOnMetis = call.chainId === deployment.l2.chainId;
  const { value } = await (isOnMetis ? readL2(context, undefined, read) : readL1(context, undefined, read));
  return value;
}

async function missingOf(
  runner: PinnedRunner,
  deployment: Deployment,
  { call, sender, needs }: { readonly call: Call; readonly sender: Address; readonly needs: Needs },
): Promise<readonly Requirement[]> {
  const [tokens, tickets, fee, available] = await Promise.all([
    Promise.all(needs.tokens.map((need) => missingTokens(runner, deployment, need))),
    missingApprovals(runner, deployment, { ids: needs.tickets ?? [], spender: sender }),
    feeOf(runner, deployment, needs),
    call.value === 0n ? 0n : runner.balance(sender),
  ]);
  return [
    ...tokens.flat(),
    ...tickets,
    ...(available < call.value ? [{ type: "value", needed: call.value, available } as const] : []),
    ...(call.value < fee ? [{ type: "fee", needed: fee, available: call.value } as const] : []),
  ];
}

async function missingTokens(
  runner: PinnedRunner,
  deployment: Deployment,
  { token, owner, amount, spender }: TokenNeed,
): Promise<readonly Requirement[]> {
  const contract = IERC20__factory.connect(token === "metis" ? deployment.l1.metis : deployment.l2[token], runner);
  const [{ needed, greatest }, available, allowed] = await Promise.all([
    resolve(runner, deployment, amount),
    contract.balanceOf(owner),
    spender === undefined ? undefined : contract.allowance(owner, spender),
  ]);
  const missing: Requirement[] = [];
  if (available < needed) missing.push({ type: "balance", token, owner, needed, available });
  if (spender === undefined || allowed === undefined || allowed >= needed) return missing;
  const approval = approve(deployment, { token, spender, amount: greatest });
  const permit = token === "metis" ? {} : { permit: { token, owner, spender, value: greatest } };
  missing.push({ type: "allowance", token, owner, spender, needed, available: allowed, call: approval, ...permit });
  return missing;
}

/** What is needed now, and the most that it can become by vesting. */
async function resolve(
  runner: PinnedRunner,
  { l2 }: Deployment,
  amount: NeededAmount,
): Promise<{ readonly needed: bigint; readonly greatest: bigint }> {
  if (amount.type === "exact") return { needed: amount.amount, greatest: amount.amount };
  const vault = SEMetis__factory.connect(l2.seMetis, runner);
  if (amount.type === "sharesForAssets") {
    // Vesting only lowers it.
    const needed = await vault.previewWithdraw(amount.assets);
    return { needed, greatest: needed };
  }
  const [needed, { assets, unvested }, totalSupply] = await Promise.all([
    vault.previewMint(amount.shares),
    vault.stream(),
    vault.totalSupply(),
  ]);
  return { needed, greatest: max(needed, previewMint(amount.shares, { totalAssets: assets + unvested, totalSupply })) };
}

async function feeOf(runner: PinnedRunner, { l1 }: Deployment, { fee }: Needs): Promise<bigint> {
  if (fee === undefined) return 0n;
  if (fee === "l2Withdrawal") return IGasPriceOracle__factory.connect(GAS_PRICE_ORACLE, runner).minErc20BridgeCost();
  const gateway = L1Gateway__factory.connect(l1.l1Gateway, runner);
  return fee === "l1Message" ? gateway.messageFee() : gateway.metisFee();
}
