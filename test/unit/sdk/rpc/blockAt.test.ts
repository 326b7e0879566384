import { expect } from "chai";

import { RpcAnswerError } from "../../../../sdk/src/errors";
import { blockAt } from "../../../../sdk/src/rpc/blockAt";
import { livingProtocol } from "../../../helpers/protocol";
import { seededRandom } from "../../../helpers/random";
import { sdkContext } from "../../../helpers/sdk/context";
import { errorOf, spied } from "../../../helpers/sdk/spied";

describe("blockAt", function () {
  it("finds the last block at or before any second, in few requests", async function () {
    const world = await livingProtocol();
    const random = seededRandom(5_150);
    for (let block = 0; block < 60; block++) await world.l2.increase(Number(random.between(1n, 9_000n)));
    // Blocks of one second.
    for (let block = 0; block < 3; block++) await mineNow(world.l2);
    const stamps = await allStamps(world.l2.provider);
    const last = stamps.at(-1)!;
    const { context, requests } = spied(sdkContext(world));
    const start = stamps[stamps.length - 60]!.timestamp;
    for (let round = 0; round < 30; round++) {
      const second = random.between(start, last.timestamp);
      const before = requests().length;
      const found = await blockAt({ ...context, side: "l2", provider: context.l2, first: 0, last }, second);
      expect(found).to.deep.equal(stamps.filter(({ timestamp }) => timestamp <= second).at(-1));
      expect(requests().length - before <= 1 + 2 * Math.ceil(Math.log2(stamps.length))).to.equal(true);
    }
  });

  it("asks nothing for what is not before the last block, and does not look before the first", async function () {
    const world = await livingProtocol();
    const { context, requests } = spied(sdkContext(world));
    const last = (await allStamps(world.l2.provider)).at(-1)!;
    const query = { ...context, side: "l2", provider: context.l2, last } as const;
    expect(await blockAt({ ...query, first: 0 }, last.timestamp + 9n)).to.deep.equal(last);
    expect(requests()).to.deep.equal([]);
    expect((await blockAt({ ...query, first: 7 }, 1n)).blockNumber).to.equal(7);
  });

  it("says so when the node lacks a header", async function () {
    const world = await livingProtocol();
    const { context } = spied(sdkContext(world), async () => Promise.resolve(null));
    const last = { blockNumber: 40, timestamp: 10n ** 10n };
    const error = await errorOf(blockAt({ ...context, side: "l2", provider: context.l2, first: 0, last }, 5n));
    expect(error).to.be.instanceOf(RpcAnswerError);
    expect(error).to.include({ side: "l2", method: "eth_getBlockByNumber", reason: "it has no block 0" });
  });
});

async function mineNow(chain: Awaited<ReturnType<typeof livingProtocol>>["l2"]): Promise<void> {
  await chain.setNextBlockTimestamp(await chain.now());
  await chain.provider.send("evm_mine", []);
}

async function allStamps(provider: Awaited<ReturnType<typeof livingProtocol>>["l2"]["provider"]) {
  const numbers = Array.from({ length: (await provider.getBlockNumber()) + 1 }, (_, blockNumber) => blockNumber);
  const stamps = [];
  for (const blockNumber of numbers) {
    stamps.push({ blockNumber, timestamp: BigInt((await provider.getBlock(blockNumber))!.timestamp) });
  }
  return stamps;
}
