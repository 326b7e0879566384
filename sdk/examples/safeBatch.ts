/** Several calls as one file for the transaction builder of a Safe: stake a part of some eMetis, redeem the rest. */
import {
  type Address,
  type Call,
  type Deployment,
  approve,
  deposit,
  parseAmount,
  readAccount,
  requestRedeem,
  send,
  stake,
} from "@emetis/sdk";
import type { EMetisKit } from "@emetis/sdk/testing";

/** The file that Safe's transaction builder imports. Values are in wei, decimal. */
function safeBatch(name: string, createdAt: number, calls: readonly [Call, ...Call[]]) {
  const [{ chainId }] = calls;
  if (calls.some((call) => call.chainId !== chainId)) throw new Error("a Safe is on one chain: make a batch for each");
  const transactions = calls.map(({ to, value, data }) => ({
    ...{ to, value: value.toString(), data },
    ...{ contractMethod: null, contractInputsValues: null },
  }));
  return { version: "1.0", chainId: String(chainId), createdAt, meta: { name }, transactions };
}

const staked = parseAmount("600");
const redeemed = parseAmount("400.5");

function stakeAndRedeem(deployment: Deployment, safe: Address, createdAt: number) {
  return safeBatch("Stake 600 eMetis, redeem 400.5", createdAt, [
    approve(deployment, { token: "eMetis", spender: "seMetis", amount: staked }),
    stake(deployment, { assets: staked, receiver: safe }),
    approve(deployment, { token: "eMetis", spender: "redemptionQueue", amount: redeemed }),
    requestRedeem(deployment, { assets: redeemed, owner: safe }),
  ]);
}

/** Against the test kit: an account plays the Safe and does what the file says. */
export async function run(kit: EMetisKit) {
  const { address, l2: signer } = kit.accounts.alice;
  await send(signer, deposit(kit.deployment, { assets: staked + redeemed, receiver: address }));
  const batch = stakeAndRedeem(kit.deployment, address, Date.now());
  const file = JSON.stringify(batch, null, 2);
  for (const { to, value, data } of batch.transactions) {
    await (await signer.sendTransaction({ to, value: BigInt(value), data })).wait();
  }
  const { l2: held } = await readAccount(kit.context, { account: address, tickets: [] });
  return { file, held, staked, redeemed };
}
