/** Bytes in hexadecimal, with the prefix. */
export type Hex = `0x${string}`;

/** An account or a contract: 20 bytes with the checksum of EIP-55. */
export type Address = Hex;

/**
 * A transaction that nobody has signed: for ethers' `signer.sendTransaction`, viem's `sendTransaction` or a Safe batch.
 *
 * @example
 * const call: Call = stake(deployment, { assets: 10n ** 18n, receiver });
 */
export interface Call {
  /** The chain that it is for. */
  readonly chainId: number;
  readonly to: Address;
  readonly data: Hex;
  /** Wei of the chain's own coin: METIS on Metis, ETH on Ethereum. */
  readonly value: bigint;
}

/** The two chains: Ethereum and Metis. */
export type Side = "l1" | "l2";
