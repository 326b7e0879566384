/** Redeems eMetis through the queue: asks, waits, claims METIS one for one. */
import {
  type Address,
  type Context,
  type RedemptionStatus,
  type WaitForRedemptionOptions,
  claim,
  deposit,
  parseAmount,
  redemptionStatus,
  requestRedeem,
  requirementsOf,
  send,
  ticketsOf,
  waitForRedemption,
} from "@emetis/sdk";
import type { EMetisKit } from "@emetis/sdk/testing";
import type { Signer } from "ethers";

/** Who redeems how much, in wei. */
interface Redemption {
  readonly signer: Signer;
  readonly owner: Address;
  readonly assets: bigint;
}

async function redeemAndClaim(
  context: Context,
  { signer, owner, assets }: Redemption,
  options: WaitForRedemptionOptions,
): Promise<RedemptionStatus> {
  const { deployment } = context;
  const call = requestRedeem(deployment, { assets, owner });
  for (const requirement of await requirementsOf(context, { call, from: owner })) {
    if (requirement.type !== "allowance") throw new Error(`there is too little ${requirement.type}`);
    await send(signer, requirement.call);
  }
  const [ticket] = ticketsOf(deployment, await send(signer, call));
  if (ticket === undefined) throw new Error("the request opened no ticket");

  // Hours, or weeks when sequencers have to unlock METIS. Anybody may claim for the owner.
  await waitForRedemption(context, ticket, options);
  await send(signer, claim(deployment, ticket));
  return redemptionStatus(context, ticket);
}

/** Against the test kit, in which weeks pass when it is told so. */
export async function run(kit: EMetisKit) {
  const { address, l2: signer } = kit.accounts.alice;
  const assets = parseAmount("777.25");
  await send(signer, deposit(kit.deployment, { assets, receiver: address }));
  const moves: Promise<unknown>[] = [];
  const onProgress = ({ type }: RedemptionStatus) => {
    if (type === "waiting" && moves.length === 0) moves.push(kit.finaliseQueue());
  };
  const status = await redeemAndClaim(kit.context, { signer, owner: address, assets }, { onProgress, interval: 100 });
  await Promise.all(moves);
  return { status, assets };
}
