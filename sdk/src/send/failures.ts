import { isError } from "ethers";

/**
 * Whether an error of a wallet says that its user refused (EIP-1193's 4001, or ethers' ACTION_REJECTED).
 *
 * @example
 * if (isUserRejection(error)) return;
 */
export function isUserRejection(error: unknown): boolean {
  return isError(error, "ACTION_REJECTED") || someCause(error, 4, (cause) => "code" in cause && cause.code === 4001);
}

/**
 * Whether an error of a node or wallet says that the account cannot pay. Nodes have no code for it, only words.
 *
 * @example
 * if (isLackOfFunds(error)) console.log("buy METIS");
 */
export function isLackOfFunds(error: unknown): boolean {
  if (isError(error, "INSUFFICIENT_FUNDS")) return true;
  return someCause(
    error,
    4,
    (cause) =>
      "message" in cause &&
      /insufficient funds|doesn't have enough funds|insufficient balance/i.test(String(cause.message)),
  );
}

/** Whether `holds` for an error or one that it was made of; wallets and nodes nest them in different ways. */
function someCause(error: unknown, depth: number, holds: (cause: object) => boolean): boolean {
  if (depth === 0 || typeof error !== "object" || error === null) return false;
  if (holds(error)) return true;
  const inner: readonly unknown[] = [
    "info" in error ? error.info : undefined,
    "error" in error ? error.error : undefined,
    "data" in error ? error.data : undefined,
    "cause" in error ? error.cause : undefined,
  ];
  return inner.some((cause) => someCause(cause, depth - 1, holds));
}
