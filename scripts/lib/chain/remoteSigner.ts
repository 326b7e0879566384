/** A JSON-RPC signer on this machine, in front of a hardware wallet: Clef or Web3Signer. It is not believed: what it signs is checked. */
import { type TransactionLike, Transaction, getAddress, isAddress, toQuantity } from "ethers";

import type { Account } from "./account";
import { type RpcAnswer, parseAnswer } from "./answers";
import { endpointName } from "./endpoint";
import { AccountOptionsError, SignerError, SignerMismatchError } from "./errors";

/** A person has to look at the device and press its button. Milliseconds. */
const patience = 10 * 60_000;

/** Where else keys may be: a signer that is reached over a network signs for everybody on it. */
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The account of a signer on loopback. Clef is asked by `account_signTransaction`; a signer that has no such method, as Web3Signer,
 * by `eth_signTransaction`.
 *
 * @throws {@link AccountOptionsError} for an address or URL that cannot be used. Signing throws {@link SignerError}, and
 * {@link SignerMismatchError} when anything else is signed than was asked for.
 */
export function remoteAccount(url: string, signer: string, timeout = patience): Account {
  if (!isAddress(signer)) throw new AccountOptionsError(["--signer-address"], "give 20 bytes in hexadecimal");
  if (!URL.canParse(url) || !loopback.test(new URL(url).hostname)) {
    throw new AccountOptionsError(["--signer-url"], "a signer has to run on this machine, like http://127.0.0.1:8550");
  }
  const address = getAddress(signer);
  const signTransaction = async (transaction: TransactionLike) => {
    const wanted = Transaction.from({ ...transaction, from: null });
    const answer = await askSigner(url, requestOf(wanted, address), timeout);
    if ("error" in answer) throw new SignerError(endpointName(url), answer.error.message.slice(0, 200));
    return checkSigned(rawOf(answer.result, url), wanted, address);
  };
  return { address, signTransaction };
}

async function askSigner(url: string, request: object, timeout: number): Promise<RpcAnswer> {
  const answer = await post(url, "account_signTransaction", request, timeout);
  const isUnknown = "error" in answer && (answer.error.code === -32601 || /method.*not/i.test(answer.error.message));
  return isUnknown ? post(url, "eth_signTransaction", request, timeout) : answer;
}

async function post(url: string, method: string, request: object, timeout: number): Promise<RpcAnswer> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: [request] });
  const headers = { "content-type": "application/json" };
  const text = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(timeout) })
    .then(async (response) => response.text())
    .catch((error: unknown) => {
      const isLate = error instanceof Error && error.name === "TimeoutError";
      throw new SignerError(endpointName(url), isLate ? "no answer in time" : "it cannot be reached");
    });
  const answer = parseAnswer(text, 1);
  if (answer === undefined) throw new SignerError(endpointName(url), "it answers no JSON-RPC");
  return answer;
}

function requestOf(transaction: Transaction, from: string): object {
  const { to, data, value, nonce, gasLimit, chainId, type } = transaction;
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  const fees =
    type === 2
      ? { maxFeePerGas: toQuantity(maxFeePerGas ?? 0n), maxPriorityFeePerGas: toQuantity(maxPriorityFeePerGas ?? 0n) }
      : { gasPrice: toQuantity(gasPrice ?? 0n) };
  const numbers = { gas: gasLimit, value, nonce, chainId };
  const quantities = Object.fromEntries(Object.entries(numbers).map(([name, one]) => [name, toQuantity(one)]));
  return { from, ...(to === null ? {} : { to }), data, ...quantities, ...fees };
}

function rawOf(result: unknown, url: string): string {
  const raw = typeof result === "object" && result !== null && "raw" in result ? result.raw : result;
  if (typeof raw === "string" && /^0x([0-9a-f]{2})+$/i.test(raw)) return raw;
  throw new SignerError(endpointName(url), "it gave no signed transaction");
}

function checkSigned(raw: string, wanted: Transaction, address: string): string {
  const signed = parse(raw);
  const found = { ...fieldsOf(signed), sender: signed.from ?? "nobody" };
  const expected: Readonly<Record<string, string>> = { ...fieldsOf(wanted), sender: address };
  for (const [field, value] of Object.entries(found)) {
    const asked = expected[field] ?? "";
    if (value !== asked) throw new SignerMismatchError(field, asked, value);
  }
  return raw;
}

function parse(raw: string): Transaction {
  try {
    return Transaction.from(raw);
  } catch {
    throw new SignerMismatchError("the transaction", "a signed one", "bytes that are none");
  }
}

function fieldsOf(transaction: Transaction): Readonly<Record<string, string>> {
  const { to, data, value, nonce, gasLimit, chainId, type, accessList } = transaction;
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  return {
    type: String(type),
    chainId: String(chainId),
    to: to ?? "nobody",
    data,
    value: String(value),
    nonce: String(nonce),
    gasLimit: String(gasLimit),
    gasPrice: String(gasPrice),
    maxFeePerGas: String(maxFeePerGas),
    maxPriorityFeePerGas: String(maxPriorityFeePerGas),
    accessList: JSON.stringify(accessList ?? []),
  };
}
