/** Deposits METIS on Ethereum and follows it until it is seMetis on Metis. */
import {
  type Address,
  type Context,
  type L1DepositStatus,
  type WaitForL1DepositOptions,
  approve,
  depositOnL1,
  messagesOf,
  parseAmount,
  readAccount,
  readBridgeFees,
  send,
  waitForL1Deposit,
} from "@emetis/sdk";
import type { EMetisKit } from "@emetis/sdk/testing";
import type { Signer } from "ethers";

/** Somebody's wallets on both chains. */
interface Wallets {
  readonly address: Address;
  readonly l1: Signer;
  readonly l2: Signer;
}

async function depositAndTrack(context: Context, user: Wallets, assets: bigint, options: WaitForL1DepositOptions) {
  const { deployment } = context;
  await send(user.l1, approve(deployment, { token: "metis", spender: "lockManager", amount: assets }));
  const { l1Message } = await readBridgeFees(context);
  const call = depositOnL1(deployment, { assets, receiver: user.address, isStaked: true, fee: l1Message });
  const [message] = messagesOf(deployment, await send(user.l1, call));
  if (message === undefined) throw new Error("the deposit sent no message");

  // Metis's bridge takes minutes. Then anybody can deliver the message; others may be faster.
  const until = ["deliverable", "minted"] as const;
  const status = await waitForL1Deposit(context, { ...message, confirmations: 1 }, { ...options, until });
  if (status.type === "deliverable") await send(user.l2, status.call);
  return waitForL1Deposit(context, message, options);
}

/** Against the test kit, whose bridge moves when it is told to. */
export async function run(kit: EMetisKit) {
  const { alice } = kit.accounts;
  const assets = parseAmount("1234.5");
  await kit.giveMetis(alice.address, assets, "l1");
  const stages: string[] = [];
  const moves: Promise<unknown>[] = [];
  const onProgress = ({ type }: L1DepositStatus) => {
    stages.push(type);
    if (type === "waitingForBridge") moves.push(kit.relayAll());
  };
  await depositAndTrack(kit.context, alice, assets, { onProgress, interval: 100 });
  await Promise.all(moves);
  const { l2: held } = await readAccount(kit.context, { account: alice.address });
  return { stages, staked: held.staked, assets };
}
