/** Wallets and nodes that misbehave, for `send`. */
import { BrowserProvider, type Provider, type Signer } from "ethers";
import hre from "hardhat";

/** A signer whose node answers some methods in its own way. */
export function withNode(
  signer: Signer,
  answers: Readonly<Record<string, (...parameters: never[]) => unknown>>,
): Signer {
  const provider = Object.create(
    signer.provider,
    Object.fromEntries(Object.entries(answers).map(([method, answer]) => [method, { value: answer }])),
  ) as Provider;
  return Object.create(signer, { provider: { value: provider } }) as Signer;
}

/** A signer that signs in its own way. */
export function withSigning(signer: Signer, sendTransaction: Signer["sendTransaction"]): Signer {
  return Object.create(signer, { sendTransaction: { value: sendTransaction } }) as Signer;
}

/** A wallet in a browser, in front of the local Metis; `refusal` is what it answers instead of sending. */
export async function browserWallet(address: string, refusal?: object): Promise<Signer> {
  const request = async ({ method, params }: { method: string; params?: unknown }) => {
    if (refusal !== undefined && method === "eth_sendTransaction") throw Object.assign(new Error("no"), refusal);
    return hre.network.provider.request({ method, params: params as unknown[] });
  };
  return new BrowserProvider({ request }, undefined, { pollingInterval: 10, cacheTimeout: -1 }).getSigner(address);
}

/** A wallet in a browser whose node knows no transaction: it was replaced at once, or what the wallet gave is no hash of one. */
export async function forgetfulWallet(address: string): Promise<Signer> {
  const request = async ({ method, params }: { method: string; params?: unknown }) =>
    method.startsWith("eth_getTransaction") && method !== "eth_getTransactionCount"
      ? null
      : hre.network.provider.request({ method, params: params as unknown[] });
  return new BrowserProvider({ request }, undefined, { pollingInterval: 10, cacheTimeout: -1 }).getSigner(address);
}

/** Never answers. */
export function hang(): Promise<never> {
  return new Promise(() => undefined);
}

/** A signer whose node gives receipts in its own way. */
export function withReceipts(signer: Signer, getTransactionReceipt: (hash: string) => Promise<unknown>): Signer {
  const answer = { getTransactionReceipt: { value: getTransactionReceipt } };
  const provider = Object.create(signer.provider, answer) as Provider;
  return Object.create(signer, { provider: { value: provider } }) as Signer;
}

/** A signal and what aborts it. */
export function aborting() {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    abort: () => {
      controller.abort(new Error("the user left"));
    },
  };
}
