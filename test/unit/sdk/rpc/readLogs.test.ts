import { expect } from "chai";
import type { Log } from "ethers";

import { type LogQuery, readLogs } from "../../../../sdk/src/rpc/readLogs";
import type { Address } from "../../../../sdk/src/types";
import { type Chain, createFixture } from "../../../helpers/chains";
import {
  type Fault,
  answering,
  counting,
  failing,
  faulty,
  hanging,
  outOfOrder,
  refusingRanges,
} from "../../../helpers/sdk/faultyProvider";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";

/** Forty blocks, each with two logs of the token and one of another. */
const fixture = createFixture(async ({ l2 }) => {
  const [owner] = l2.signers;
  const tokens = [0, 1].map(() => l2.deploy("EMetis", [owner!.address, owner!.address, owner!.address]));
  const [token, other] = [await tokens[0]!, await tokens[1]!];
  const fromBlock = (await l2.provider.getBlockNumber()) + 1;
  await l2.provider.send("evm_setAutomine", [false]);
  for (let block = 0n; block < 40n; block++) {
    await token.mint(owner!.address, 2n * block + 1n);
    await other.mint(owner!.address, 1n);
    await token.mint(owner!.address, 2n * block + 2n);
    await l2.mine();
  }
  await l2.provider.send("evm_setAutomine", [true]);
  return { l2, fromBlock, address: (await token.getAddress()) as Address };
});

describe("readLogs", () => {
  let l2: Chain;
  let query: Omit<LogQuery, "provider">;

  beforeEach(async () => {
    const { fromBlock, address, l2: chain } = await fixture();
    l2 = chain;
    query = { side: "l2", address, fromBlock, toBlock: fromBlock + 39 };
  });

  const read = (faults: readonly Fault[], more: Partial<LogQuery> = {}) =>
    readLogs({ ...query, ...more, provider: faulty(l2.provider, ...faults) });
  const amounts = (logs: readonly Log[]) => logs.map(({ data }) => Number(BigInt(data)));
  const all = Array.from({ length: 80 }, (_, index) => index + 1);

  it("reads all logs of the address in the order of the chain, in one request", async () => {
    const { fault, count } = counting();
    expect(amounts(await read([fault]))).to.deep.equal(all);
    expect(count()).to.equal(1);
  });

  for (const blocks of [1, 3, 7, 39]) {
    it(`reads them all from a node that gives ${blocks} blocks at a time`, async () => {
      expect(amounts(await read([refusingRanges(blocks)]))).to.deep.equal(all);
    });
  }

  it("finds a range that the node allows in few requests, and keeps near to it", async () => {
    const { fault, count } = counting();
    await read([fault, refusingRanges(10)]);
    expect(count()).to.be.lessThanOrEqual(12);
  });

  it("sorts what comes in another order", async () => {
    const reversed: Fault = async (_request, proceed) => [...((await proceed()) as Log[])].reverse();
    expect(amounts(await read([reversed, outOfOrder(3)], { range: 9 }))).to.deep.equal(all);
  });

  it("tells how far it is, up to the last block", async () => {
    const told: number[] = [];
    await read([], { range: 10, onProgress: (block) => told.push(block - query.fromBlock) });
    expect(told).to.deep.equal([9, 29, 39]);
  });

  it("goes on after failures that pass", async () => {
    expect(amounts(await read([failing({ times: 2 })]))).to.deep.equal(all);
    expect(amounts(await read([hanging({ times: 1 })], { timeout: 50 }))).to.deep.equal(all);
  });

  it("gives up at a block whose logs the node refuses", async () => {
    const error = await rejectionOf(read([refusingRanges(0)]));
    expect(error).to.include({ name: "LogRangeError", side: "l2", blockNumber: query.fromBlock });
  });

  it("reads nothing of an empty range", async () => {
    expect(await read([], { fromBlock: query.toBlock, toBlock: query.fromBlock })).to.deep.equal([]);
  });

  const genuine = async () => l2.provider.getLogs({ ...query, address: query.address as string });
  const strange: Readonly<Record<string, () => Promise<unknown>>> = {
    "no list": () => Promise.resolve(null),
    "a list of something else": () => Promise.resolve([{}]),
    "a log of another address": async () => l2.provider.getLogs({ fromBlock: query.fromBlock, toBlock: query.toBlock }),
    "a log of another block": async () => (await genuine()).slice(2),
    "a log twice": async () => [...(await genuine()), ...(await genuine()).slice(0, 1)],
  };
  for (const [what, answer] of Object.entries(strange)) {
    it(`does not believe a node that answers ${what}`, async () => {
      const later = { toBlock: query.fromBlock + (what === "a log of another block" ? 3 : 39) };
      const error = await rejectionOf(read([answering(await answer())], later));
      expect(error).to.include({ name: "RpcAnswerError", side: "l2", method: "eth_getLogs" });
    });
  }

  for (const [parameter, value] of [
    ...([
      ["fromBlock", Number.NaN],
      ["fromBlock", -1],
      ["toBlock", 1.5],
      ["range", 0],
      ["range", Number.NaN],
    ] as const),
  ]) {
    it(`refuses ${value} as ${parameter}`, async () => {
      expect(await rejectionOf(read([], { [parameter]: value }))).to.include({ name: "ParameterError", parameter });
    });
  }

  it("ends by the signal", async () => {
    const controller = new AbortController();
    const reading = rejectionOf(read([hanging()], { signal: controller.signal }));
    controller.abort();
    expect(await reading).to.include({ name: "AbortedError" });
  });
});
