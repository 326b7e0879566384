/** States of the protocol to preview in, and what the chain does with a call, to compare a preview with. */
import { MaxUint256, type TransactionReceipt, parseEther } from "ethers";

import { RevertError } from "../../../sdk/src/errors";
import { revertOf } from "../../../sdk/src/reverts";
import type { Address, Call } from "../../../sdk/src/types";
import { requestRedeem } from "../../../scripts/lib/demo/actions";
import {
  type Person,
  type ProtocolWorld,
  finaliseQueue,
  livingProtocol,
  protocolAfter,
  report,
  slash,
} from "../protocol";

/** As {@link livingProtocol}; bob and alice have approved everything that takes their tokens. */
export const approvedProtocol = protocolAfter(livingProtocol, async ({ people, protocol }) => {
  const { eMetis, seMetis, redemptionQueue } = protocol.l2;
  for (const { l2 } of [people.alice, people.bob]) {
    await eMetis.connect(l2).approve(seMetis, MaxUint256);
    await eMetis.connect(l2).approve(redemptionQueue, MaxUint256);
    await seMetis.connect(l2).approve(redemptionQueue, MaxUint256);
  }
  await eMetis.connect(people.bob.l2).transfer(people.alice.address, parseEther("1000.000000000000000001"));
  return {};
});

/** States that a preview must be right in. */
export const states = {
  "a living protocol": approvedProtocol,
  "after a loss that the vault carries": protocolAfter(approvedProtocol, async (world) => {
    await slash(world, 0n, parseEther("400.000000000000000007"));
    await report(world);
    return {};
  }),
  "while a loss is unconfirmed": protocolAfter(approvedProtocol, async (world) => {
    await slash(world, 0n, parseEther("4000.000000000000000007"));
    await report(world);
    return {};
  }),
  "with eMetis below METIS": protocolAfter(approvedProtocol, async (world) => {
    await slash(world, 0n, parseEther("44000.000000000000000044"));
    await slash(world, 1n, parseEther("43000.000000000000000043"));
    await report(world);
    await world.protocol.l2.stakingPool.connect(world.people.governance.l2).confirmLoss();
    return {};
  }),
  "while the pool is paused": protocolAfter(approvedProtocol, async ({ people, protocol }) => {
    await protocol.l2.stakingPool.connect(people.guardian.l2).pause();
    return {};
  }),
  "with fewer than 1e18 shares": protocolAfter(approvedProtocol, async ({ people, protocol }) => {
    const { seMetis } = protocol.l2;
    for (const [{ address, l2 }, left] of [
      [people.dave, 0n],
      [people.alice, 123_456_789_012_345_678n],
    ] as const) {
      await seMetis.connect(l2).redeem((await seMetis.balanceOf(address)) - left, address, address);
    }
    return {};
  }),
} as const;

/** Tickets of bob's: whole, partly and not at all finalised at the end; the first was paid below 1. */
export const queuedProtocol = protocolAfter(approvedProtocol, async (world) => {
  const { bob } = world.people;
  const ids = [
    await requestRedeem(world, bob, parseEther("5.000000000000000001")),
    await requestRedeem(world, bob, parseEther("19000.000000000000000003")),
  ];
  await finaliseQueue(world);
  ids.push(await requestRedeem(world, bob, parseEther("7.000000000000000007")));
  return { ids };
});

/** What became of a call, in the words of previews. */
export type Outcome =
  | ({ readonly type: "done" } & Readonly<Record<string, unknown>>)
  | { readonly type: "refused"; readonly error: string; readonly args: Readonly<Record<string, unknown>> };

/** Sends a call in the block of second `at` and says what became of it. */
export async function outcomeAt(
  { l2 }: ProtocolWorld,
  sender: Person,
  { call, at }: { readonly call: Call; readonly at: bigint },
  readResult: (receipt: TransactionReceipt) => Promise<Readonly<Record<string, unknown>>>,
): Promise<Outcome> {
  await l2.setNextBlockTimestamp(Number(at));
  try {
    const response = await sender.l2.sendTransaction({ ...call, gasLimit: 3_000_000n });
    const receipt = await response.wait();
    if (receipt === null) throw new Error(`transaction ${response.hash} is not on the chain`);
    return { type: "done", ...(await readResult(receipt)) };
  } catch (error) {
    const revert = revertOf(error);
    if (revert instanceof RevertError) return { type: "refused", error: revert.error, args: revert.args };
    throw error;
  }
}

/** A preview in the form of an {@link Outcome}: without its moment, the error by name and arguments. */
export function asOutcome(preview: { readonly type: "done" | "refused" }): Outcome {
  const fields: Record<string, unknown> = { ...preview };
  delete fields.block;
  delete fields.at;
  if (!(fields.error instanceof RevertError)) return { ...fields, type: "done" };
  return { type: "refused", error: fields.error.error, args: fields.error.args };
}

/** The address of a person, as the SDK types addresses. */
export function addressOf({ address }: Person): Address {
  return address as Address;
}
