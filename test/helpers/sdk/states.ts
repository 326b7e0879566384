/** States of the protocol that reads are tested on. */
import { parseEther } from "ethers";

import { depositOnL1, requestRedeem, requestRedeemStaked } from "../../../scripts/lib/demo/actions";
import { advance } from "../../../scripts/lib/demo/world";
import { arriveDown, deliver, finaliseQueue, livingProtocol, protocolAfter, report, slash } from "../protocol";

/**
 * Bob's first ticket is claimable, alice's in part, bob's second waits; of two deposits that dave made on Ethereum one is minted in
 * part and one is still on the way.
 */
export const busyProtocol = protocolAfter(livingProtocol, async (world) => {
  const { alice, bob, dave } = world.people;
  const claimable = await requestRedeem(world, bob, parseEther("1000.000000000000000001"));
  await advance(world, 7_200);
  const partly = await requestRedeemStaked(world, alice, parseEther("9000.000000000000000009"));
  await finaliseQueue(world);
  const waiting = await requestRedeem(world, bob, parseEther("2000.000000000000000002"));
  const { lockManager } = world.protocol.l1;
  await depositOnL1(world, dave, parseEther("60000.000000000000000006"));
  const partlyMinted = await lockManager.lastMessage();
  await arriveDown(world);
  await deliver(world, partlyMinted);
  await depositOnL1(world, dave, parseEther("7.000000000000000007"));
  const onTheWay = await lockManager.lastMessage();
  return { ids: { claimable, partly, waiting }, numbers: { partlyMinted, onTheWay } };
});

/** Both vaults lost so much that seMetis has nothing left and eMetis is worth less than METIS; exits are stopped. */
export const lossyProtocol = protocolAfter(livingProtocol, async (world) => {
  await requestRedeem(world, world.people.bob, parseEther("1500.000000000000000015"));
  await slash(world, 0n, parseEther("44000.000000000000000044"));
  await slash(world, 1n, parseEther("43000.000000000000000043"));
  await report(world);
  return {};
});
