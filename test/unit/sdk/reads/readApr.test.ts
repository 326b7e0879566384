import { expect } from "chai";

import { AmountError, HistoryError, MissingLogsError, RpcError } from "../../../../sdk/src/errors";
import { deposit, rebalance, requestRedeemStaked, rewardBatch, stake } from "../../../../scripts/lib/demo/actions";
import { advance } from "../../../../scripts/lib/demo/world";
import { aprOf, apyOf } from "../../../../sdk/src/math/apr";
import { readApr } from "../../../../sdk/src/reads/readApr";
import { readAprFromLogs } from "../../../../sdk/src/reads/readAprFromLogs";
import { type ProtocolWorld, livingProtocol, protocolAfter, report, slash } from "../../../helpers/protocol";
import { seededRandom } from "../../../helpers/random";
import { sdkContext } from "../../../helpers/sdk/context";
import { type Answering, errorOf, spied } from "../../../helpers/sdk/spied";
import { lossyProtocol } from "../../../helpers/sdk/states";

const one = 10n ** 18n;
const day = 86_400n;

/** Weeks of rewards, people who come and go between them, a loss that seMetis bears, and a bridge fee. */
const eventfulProtocol = protocolAfter(livingProtocol, async (world) => {
  const { alice, bob, carol, keeper, governance } = world.people;
  const random = seededRandom(31_337);
  for (let round = 0; round < 6; round++) {
    await deposit(world, carol, random.between(one, 900n * one));
    await stake(world, carol, random.between(one / 2n, one));
    await advance(world, Number(random.between(3_600n, 2n * day)));
    await requestRedeemStaked(world, alice, random.between(one, 300n * one));
    await rewardBatch(world, [random.between(500n, 2_000n), random.between(0n, 900n)]);
    if (round === 3) await slash(world, 0n, 400n * one);
    await report(world);
    await rebalance(world, keeper);
  }
  await world.protocol.l2.stakingPool.connect(governance.l2).confirmLoss();
  await stake(world, bob, 1_000n * one);
  await advance(world, 5_000);
  return {};
});

describe("readApr", function () {
  it("is the growth between two blocks, of the prices that the contract told in them", async function () {
    const world = await livingProtocol();
    const { context, requests } = spied(sdkContext(world));
    const found = await readApr(context, { window: 2n * day });
    const { seMetis } = world.protocol.l2;
    const { from, to } = found;
    const opening = await seMetis.convertToAssets(one, { blockTag: from.blockNumber });
    const closing = await seMetis.convertToAssets(one);
    const growth = { opening, closing, seconds: to.timestamp - from.timestamp };
    expect(found).to.deep.equal({ from, to, opening, closing, apr: aprOf(growth), apy: apyOf(growth) });
    expect(growth.seconds >= 2n * day && found.apr > 0n && found.apy > found.apr).to.equal(true);
    expect(requests().filter((request) => request === "l2 call")).to.have.length(2);
    expect(new Set(requests())).to.deep.equal(new Set(["l2 call", "l2 getBlock"]));
    expect(requests().length <= 16).to.equal(true);
  });

  it("is the same from logs, to the wei, over any window of an eventful life", async function () {
    const world = await eventfulProtocol();
    const random = seededRandom(1_999);
    const head = await world.l2.provider.getBlockNumber();
    for (let round = 0; round < 10; round++) {
      const window = random.between(3_600n, 12n * day);
      const l2Block = head - Number(random.below(4n));
      const fromState = await readApr(sdkContext(world), { window, l2Block });
      expect(await readAprFromLogs(sdkContext(world), { window, l2Block })).to.deep.equal(fromState);
    }
  });

  it("is negative over a loss", async function () {
    const world = await livingProtocol();
    await advance(world, 3_600);
    await slash(world, 0n, 900n * one);
    await report(world);
    const { apr, apy, opening, closing } = await readApr(sdkContext(world), { window: 3_600n });
    expect(closing < opening && apr < 0n && apy < 0n && apy >= -one).to.equal(true);
    expect(await readAprFromLogs(sdkContext(world), { window: 3_600n })).to.include({ apr, apy, opening, closing });
  });

  it("begins with the deployment when the protocol is younger than the window", async function () {
    const world = await eventfulProtocol();
    const context = sdkContext(world);
    const born = await bornAt(world);
    const deployment = { ...context.deployment, l2: { ...context.deployment.l2, startBlock: born } };
    const young = { ...context, deployment };
    const fromState = await readApr(young, { window: 9_999n * day });
    expect(fromState).to.deep.include({ opening: one });
    expect(fromState.from.blockNumber).to.equal(born);
    expect(await readAprFromLogs(young, { window: 9_999n * day })).to.deep.equal(fromState);
  });

  it("says what to use on a node without state of old blocks, and that does", async function () {
    const world = await livingProtocol();
    const head = await world.l2.provider.getBlockNumber();
    const { context } = spied(sdkContext(world), pruned(head));
    const error = await errorOf(readApr(context, { window: 2n * day }));
    expect(error).to.be.instanceOf(HistoryError);
    expect(error).to.include({ side: "l2", instead: "readAprFromLogs" });
    expect((await readAprFromLogs(context, { window: 2n * day })).apr > 0n).to.equal(true);
  });

  it("does not blame history when the node fails at all", async function () {
    const { context } = spied(sdkContext(await livingProtocol()), async () => Promise.reject(new Error("down")));
    expect(await errorOf(readApr(context, { window: day }))).to.be.instanceOf(RpcError);
  });

  it("notices any log that a node loses", async function () {
    const world = await eventfulProtocol();
    const window = 9n * day;
    const names = ["Deposit", "Withdraw", "RewardAdded", "LossAbsorbed"] as const;
    for (const name of names) {
      const { topicHash } = world.protocol.l2.seMetis.interface.getEvent(name);
      const error = await errorOf(readAprFromLogs(spied(sdkContext(world), losing(topicHash)).context, { window }));
      expect(error, name).to.be.instanceOf(MissingLogsError);
      expect(error).to.include({ side: "l2", blockNumber: await world.l2.provider.getBlockNumber() });
    }
  });

  it("refuses a window of less than an hour, and one that began with nothing", async function () {
    const world = await lossyProtocol();
    for (const read of [readApr, readAprFromLogs]) {
      const short = await errorOf(read(sdkContext(world), { window: 3_599n }));
      expect(short).to.be.instanceOf(AmountError);
      expect(short).to.include({ parameter: "window", amount: 3_599n });
    }
    await advance(world, 7_200);
    for (const read of [readApr, readAprFromLogs]) {
      const drained = await errorOf(read(sdkContext(world), { window: 3_600n }));
      expect(drained).to.be.instanceOf(AmountError);
      expect(drained).to.include({ parameter: "opening", amount: 0n });
    }
  });
});

/** The node has state of its last block only. */
function pruned(head: number): Answering {
  return async ({ method, parameters }, proceed) => {
    const [request] = parameters as readonly { readonly blockTag?: unknown }[];
    const isOld = method === "call" && typeof request?.blockTag === "number" && request.blockTag < head;
    return isOld ? Promise.reject(new Error("missing trie node")) : proceed();
  };
}

/** The node loses the last log with this topic. */
function losing(topicHash: string): Answering {
  return async (_request, proceed) => {
    const answer = await proceed();
    if (!Array.isArray(answer)) return answer;
    const logs = answer as readonly { readonly topics: readonly string[] }[];
    const last = logs.filter(({ topics }) => topics[0] === topicHash).at(-1);
    return logs.filter((log) => log !== last);
  };
}

/** The first block with a pool. */
async function bornAt({ l2, protocol }: ProtocolWorld): Promise<number> {
  let blockNumber = 0;
  while ((await l2.provider.getCode(protocol.l2.stakingPool, blockNumber)) === "0x") blockNumber++;
  return blockNumber;
}
