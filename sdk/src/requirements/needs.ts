import type { TransactionDescription } from "ethers";

import type { Token } from "../actions/approve";
import type { Deployment } from "../deployments";
import { ParameterError } from "../errors";
import {
  EMetis__factory,
  IERC20__factory,
  L2Gateway__factory,
  LockManager__factory,
  RedemptionQueue__factory,
  SEMetis__factory,
  StakingPool__factory,
} from "../generated/contracts";
import { checkAddress } from "../check";
import type { BridgeFees } from "../actions/readBridgeFees";
import type { Address, Call } from "../types";

/** Wei that a call takes; where it depends on the vault's rate, of what. */
export type NeededAmount =
  | { readonly type: "exact"; readonly amount: bigint }
  | { readonly type: "costOfShares"; readonly shares: bigint }
  | { readonly type: "sharesForAssets"; readonly assets: bigint };

/** Tokens that a call takes from an account. */
export interface TokenNeed {
  readonly token: Token;
  readonly owner: Address;
  readonly amount: NeededAmount;
  /** Who takes them by allowance; nobody needs one where it is left out. */
  readonly spender?: Address;
}

/** What a call needs beside its value. */
export interface Needs {
  readonly tokens: readonly TokenNeed[];
  /** What of the bridge the value has to pay for. */
  readonly fee?: keyof BridgeFees;
  /** Tickets that the sender must own or be approved for. */
  readonly tickets?: readonly bigint[];
}

/**
 * What a call of the protocol needs before it can be sent by `from`; read from the call alone.
 *
 * @throws {@link ParameterError} when it calls no function of the deployment.
 * @example
 * needsOf(deployment, requestRedeem(deployment, { assets, owner }), owner);
 */
export function needsOf(deployment: Deployment, call: Call, from: Address): Needs {
  const { l1, l2 } = deployment;
  const parsed = parse(deployment, call);
  if (call.to === l1.lockManager) return needsOnL1(deployment, parsed, from);
  if (call.to === l2.l2Gateway && parsed.name === "signalNeed") return { tokens: [], fee: "l2Withdrawal" };
  if (call.to === l2.stakingPool && parsed.name === "redeemInstant") {
    return { tokens: [{ token: "eMetis", owner: from, amount: exact(parsed.args.assets) }] };
  }
  if (call.to === l2.seMetis) return { tokens: needsOfVault(deployment, parsed, from) };
  if (call.to === l2.redemptionQueue && parsed.name === "claimTo") {
    return { tokens: [], tickets: listOf(parsed.args.ids) };
  }
  if (call.to === l2.redemptionQueue) return { tokens: needsOfQueue(deployment, parsed, from) };
  return { tokens: [] };
}

function needsOnL1({ l1 }: Deployment, { name, args }: TransactionDescription, from: Address): Needs {
  if (name === "deposit") {
    const amount = exact(args.assets);
    return { tokens: [{ token: "metis", owner: from, amount, spender: l1.lockManager }], fee: "l1Message" };
  }
  return name === "report" || name === "resend" ? { tokens: [], fee: "l1Message" } : { tokens: [] };
}

function needsOfVault({ l2 }: Deployment, { name, args }: TransactionDescription, from: Address): readonly TokenNeed[] {
  if (name === "deposit") return [{ token: "eMetis", owner: from, amount: exact(args.assets), spender: l2.seMetis }];
  if (name === "mint") {
    const amount = { type: "costOfShares", shares: amountOf(args.shares) } as const;
    return [{ token: "eMetis", owner: from, amount, spender: l2.seMetis }];
  }
  if (name !== "redeem" && name !== "withdraw") return [];
  const owner = checkAddress("owner", String(args.owner));
  const amount =
    name === "redeem" ? exact(args.shares) : ({ type: "sharesForAssets", assets: amountOf(args.assets) } as const);
  return [{ token: "seMetis", owner, amount, ...(owner === from ? {} : { spender: from }) }];
}

function needsOfQueue(
  { l2 }: Deployment,
  { name, args }: TransactionDescription,
  owner: Address,
): readonly TokenNeed[] {
  const spender = l2.redemptionQueue;
  switch (name) {
    case "requestRedeem":
      return [{ token: "eMetis", owner, amount: exact(args.assets), spender }];
    case "requestRedeemBatch":
      return [
        { token: "eMetis", owner, amount: exact(listOf(args.assets).reduce((sum, each) => sum + each, 0n)), spender },
      ];
    case "requestRedeemStaked":
      return [{ token: "seMetis", owner, amount: exact(args.shares), spender }];
    case "requestRedeemWithPermit":
      return [{ token: "eMetis", owner, amount: exact(args.assets) }];
    case "requestRedeemStakedWithPermit":
      return [{ token: "seMetis", owner, amount: exact(args.shares) }];
    default:
      return [];
  }
}

function parse({ l1, l2 }: Deployment, call: Call): TransactionDescription {
  const targets = [
    { chainId: l1.chainId, to: l1.lockManager, contract: LockManager__factory },
    { chainId: l1.chainId, to: l1.metis, contract: IERC20__factory },
    { chainId: l2.chainId, to: l2.stakingPool, contract: StakingPool__factory },
    { chainId: l2.chainId, to: l2.redemptionQueue, contract: RedemptionQueue__factory },
    { chainId: l2.chainId, to: l2.l2Gateway, contract: L2Gateway__factory },
    { chainId: l2.chainId, to: l2.seMetis, contract: SEMetis__factory },
    { chainId: l2.chainId, to: l2.eMetis, contract: EMetis__factory },
  ];
  const target = targets.find(({ chainId, to }) => chainId === call.chainId && to === call.to);
  const parsed = target?.contract.createInterface().parseTransaction({ data: call.data }) ?? null;
  if (parsed !== null) return parsed;
  const what = `${call.data.slice(0, 10)} of ${call.to} on chain ${call.chainId}`;
  throw new ParameterError("call", what, "it calls no function of this deployment: give a call that was built for it");
}

function exact(amount: unknown): NeededAmount {
  return { type: "exact", amount: amountOf(amount) };
}

function listOf(amounts: unknown): readonly bigint[] {
  return Array.isArray(amounts) ? amounts.map(amountOf) : [];
}

/** ethers' decoded integers are bigints, but their type is lost. */
function amountOf(value: unknown): bigint {
  return BigInt(String(value));
}
