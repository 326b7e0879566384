import { checkAddress, checkAmount } from "../check";
import type { Deployment } from "../deployments";
import { ParameterError } from "../errors";
import { IERC20__factory } from "../generated/contracts";
import type { Address, Call } from "../types";
import { callOnEthereum, callOnMetis } from "./calls";

/** eMetis and seMetis are on Metis, METIS as a token is on Ethereum. */
export type Token = "eMetis" | "seMetis" | "metis";

/** Contracts of the protocol that take tokens by allowance. */
export type Spender = "seMetis" | "redemptionQueue" | "lockManager";

/** What {@link approve} needs. */
export interface ApproveParameters {
  readonly token: Token;
  readonly spender: Spender | (string & NonNullable<unknown>);
  /** Wei that `spender` may take from now on, in all; 0 revokes. */
  readonly amount: bigint;
}

/**
 * Builds the call that lets `spender` take a token from the caller. Sends nothing.
 *
 * @throws {@link AmountError} when `amount` is negative, {@link AddressError}, {@link ParameterError} when the spender is not on
 * the token's chain.
 * @example
 * const call = approve(deployment, { token: "eMetis", spender: "redemptionQueue", amount: parseAmount("5") });
 */
export function approve(deployment: Deployment, { token, spender, amount }: ApproveParameters): Call {
  const data = IERC20__factory.createInterface().encodeFunctionData("approve", [
    spenderOf(deployment, token, spender),
    checkAmount("amount", amount, { minimum: 0n }),
  ]);
  if (token === "metis") return callOnEthereum(deployment, deployment.l1.metis, data);
  return callOnMetis(deployment, tokenOn(deployment, token), data);
}

function tokenOn({ l2 }: Deployment, token: Token): Address {
  if (token === "eMetis") return l2.eMetis;
  if (token === "seMetis") return l2.seMetis;
  throw new ParameterError("token", token, 'give "eMetis", "seMetis" or "metis"');
}

function spenderOf({ l1, l2 }: Deployment, token: Token, spender: string): Address {
  const { lockManager } = l1;
  const { seMetis, redemptionQueue } = l2;
  const named = token === "metis" ? { lockManager } : { seMetis, redemptionQueue };
  const found = Object.entries(named).find(([name]) => name === spender);
  if (found !== undefined) return found[1];
  if (spender === "lockManager" || spender === "seMetis" || spender === "redemptionQueue") {
    throw new ParameterError("spender", spender, `it is not on the chain of ${token}`);
  }
  return checkAddress("spender", spender);
}
