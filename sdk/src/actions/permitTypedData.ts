import { checkAddress, checkAmount } from "../check";
import type { L2Context } from "../context";
import { ParameterError, RpcAnswerError } from "../errors";
import { EMetis__factory } from "../generated/contracts";
import { readL2 } from "../rpc/readPinned";
import type { Address } from "../types";

/** What a permit says. */
export interface PermitParameters {
  readonly token: "eMetis" | "seMetis";
  /** Whose tokens: an account, or a contract wallet (ERC-1271). */
  readonly owner: string;
  /** Who may take them, as `deployment.l2.redemptionQueue`. */
  readonly spender: string;
  /** Wei that `spender` may take from then on, in all. */
  readonly value: bigint;
  /** Unix second of Metis until which the permit holds. */
  readonly deadline: bigint;
}

/** Typed data of EIP-712: for ethers' `signTypedData(domain, types, message)`, viem's `signTypedData`, or a wallet's API. */
export interface PermitTypedData {
  readonly domain: {
    readonly name: string;
    readonly version: string;
    readonly chainId: number;
    readonly verifyingContract: Address;
  };
  readonly types: { readonly Permit: readonly { readonly name: string; readonly type: string }[] };
  readonly primaryType: "Permit";
  readonly message: Omit<PermitParameters, "token" | "owner" | "spender"> & {
    readonly owner: Address;
    readonly spender: Address;
    readonly nonce: bigint;
  };
}

const fields = [
  { name: "owner", type: "address" },
  { name: "spender", type: "address" },
  { name: "value", type: "uint256" },
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
];

/**
 * What `owner` has to sign for a permit (ERC-2612). The domain is read from the token (ERC-5267), the nonce too: it holds until
 * the owner's next permit of that token. 1 round trip on Metis.
 *
 * @throws {@link AmountError}, {@link AddressError}; {@link ParameterError} when the deadline is over; {@link RpcAnswerError} when
 * the domain is another token's or chain's; as {@link readL2}.
 * @example
 * const typedData = await permitTypedData(context, { token: "eMetis", owner, spender, value, deadline });
 * const signature = await signPermit(signer, typedData);
 */
export async function permitTypedData(
  context: L2Context,
  { token, owner, spender, value, deadline }: PermitParameters,
): Promise<PermitTypedData> {
  const message = {
    owner: checkAddress("owner", owner),
    spender: checkAddress("spender", spender),
    value: checkAmount("value", value, { minimum: 0n }),
    deadline: checkAmount("deadline", deadline),
  };
  const verifyingContract = context.deployment.l2[token];
  const { block, value: read } = await readL2(context, undefined, (runner) => {
    // Both tokens are PermitTokens: either's interface has these views.
    const contract = EMetis__factory.connect(verifyingContract, runner);
    return Promise.all([contract.eip712Domain(), contract.nonces(message.owner)]);
  });
  const [{ name, version, chainId, verifyingContract: actual }, nonce] = read;
  if (actual !== verifyingContract || chainId !== BigInt(context.deployment.l2.chainId)) {
    throw new RpcAnswerError("l2", "eip712Domain", `the domain is of ${actual} on chain ${chainId}`);
  }
  if (deadline < block.timestamp) {
    throw new ParameterError("deadline", deadline, `it is over at ${block.timestamp}: give a later second`);
  }
  const domain = { name, version, chainId: context.deployment.l2.chainId, verifyingContract };
  return { domain, types: { Permit: fields }, primaryType: "Permit", message: { ...message, nonce } };
}
