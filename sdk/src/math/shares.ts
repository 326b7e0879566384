import { ceilDiv } from "./integers";

/** What shares of a vault stand for: with one virtual share and one virtual wei, as OpenZeppelin's ERC-4626. */
export interface Vault {
  /** Wei of the asset that count, vested until the moment asked for. */
  readonly totalAssets: bigint;
  /** Wei of shares in existence. */
  readonly totalSupply: bigint;
}

/**
 * Shares that `assets` wei are worth, rounded down.
 *
 * @example
 * convertToShares(10n, { totalAssets: 199n, totalSupply: 99n }); // 5n
 */
export function convertToShares(assets: bigint, vault: Vault): bigint {
  return (assets * (vault.totalSupply + 1n)) / (vault.totalAssets + 1n);
}

/**
 * Wei of the asset that `shares` are worth, rounded down.
 *
 * @example
 * convertToAssets(5n, { totalAssets: 199n, totalSupply: 99n }); // 10n
 */
export function convertToAssets(shares: bigint, vault: Vault): bigint {
  return (shares * (vault.totalAssets + 1n)) / (vault.totalSupply + 1n);
}

/**
 * Shares that a deposit of `assets` wei gives, rounded down. The vault refuses a deposit that gives none.
 *
 * @example
 * previewDeposit(9n, { totalAssets: 199n, totalSupply: 99n }); // 4n
 */
export function previewDeposit(assets: bigint, vault: Vault): bigint {
  return convertToShares(assets, vault);
}

/**
 * Wei that minting `shares` costs, rounded up.
 *
 * @example
 * previewMint(1n, { totalAssets: 2n, totalSupply: 1n }); // 2n
 */
export function previewMint(shares: bigint, vault: Vault): bigint {
  return ceilDiv(shares * (vault.totalAssets + 1n), vault.totalSupply + 1n);
}

/**
 * Shares that withdrawing `assets` wei burns, rounded up.
 *
 * @example
 * previewWithdraw(9n, { totalAssets: 199n, totalSupply: 99n }); // 5n
 */
export function previewWithdraw(assets: bigint, vault: Vault): bigint {
  return ceilDiv(assets * (vault.totalSupply + 1n), vault.totalAssets + 1n);
}

/**
 * Wei that redeeming `shares` pays, rounded down.
 *
 * @example
 * previewRedeem(1n, { totalAssets: 2n, totalSupply: 1n }); // 1n
 */
export function previewRedeem(shares: bigint, vault: Vault): bigint {
  return convertToAssets(shares, vault);
}
