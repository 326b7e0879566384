/** Sends the SDK's calls as a wallet would, and catches what the SDK refuses with. */
import { expect } from "chai";
import type { Signer, TransactionReceipt } from "ethers";

import type { Call } from "../../../sdk/src/types";

/** Signs and sends a call with nothing added; the wallet refuses another chain's. */
export async function sendCall(signer: Signer, call: Call): Promise<TransactionReceipt> {
  const response = await signer.sendTransaction({ ...call });
  const receipt = await response.wait();
  if (receipt === null) throw new Error(`transaction ${response.hash} is not on the chain`);
  return receipt;
}

/** What `run` throws or rejects with; fails when it does neither. */
export async function failureOf(run: () => unknown): Promise<unknown> {
  const failure: unknown = await (async () => {
    await run();
    return undefined;
  })().catch((error: unknown) => error);
  expect(failure, "nothing was refused").not.to.be.undefined;
  return failure;
}
