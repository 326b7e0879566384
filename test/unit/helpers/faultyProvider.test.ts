import { expect } from "chai";
import { type Log, concat, toBeHex } from "ethers";

import { type Chain, createFixture } from "../../helpers/chains";
import {
  answering,
  counting,
  failing,
  faulty,
  forkedHash,
  forking,
  hanging,
  late,
  losingLogs,
  onChain,
  outOfOrder,
  refusingRanges,
} from "../../helpers/sdk/faultyProvider";

/** Ten blocks, each from the third on with one log. */
const fixture = createFixture(async ({ l2 }) => {
  const [owner] = l2.signers;
  const token = await l2.deploy("EMetis", [owner!.address, owner!.address, owner!.address]);
  for (let wei = 1n; wei <= 8n; wei++) await token.mint(owner!.address, wei);
  return { l2, address: await token.getAddress() };
});

describe("A faulty provider", () => {
  let l2: Chain;
  let address: string;
  let head: number;

  const logsOf = (provider: Chain["provider"]): Promise<readonly Log[]> =>
    provider.getLogs({ address, fromBlock: head - 7, toBlock: head });
  const numbers = (logs: readonly Log[]) => logs.map(({ blockNumber }) => blockNumber - head);

  beforeEach(async () => {
    ({ l2, address } = await fixture());
    head = await l2.provider.getBlockNumber();
  });

  it("answers as the node does without faults, and counts", async () => {
    const { fault, count } = counting();
    const provider = faulty(l2.provider, fault);
    expect(numbers(await logsOf(provider))).to.deep.equal([-7, -6, -5, -4, -3, -2, -1, 0]);
    expect(await provider.getBlockNumber()).to.equal(head);
    expect([count(), count("getLogs")]).to.deep.equal([2, 1]);
  });

  it("fails as often as it is told to, where it is told to", async () => {
    const provider = faulty(l2.provider, failing({ methods: ["getBlock"], times: 1 }));
    expect(await provider.getBlockNumber()).to.equal(head);
    const error: unknown = await provider.getBlock(head).then(null, (reason: unknown) => reason);
    expect(error).to.include({ code: "SERVER_ERROR", shortMessage: "502 Bad Gateway" });
    expect((await provider.getBlock(head))?.number).to.equal(head);
  });

  it("hangs", async () => {
    const answer = faulty(l2.provider, hanging()).getBlockNumber();
    expect(await Promise.race([answer, late(20)(request, () => Promise.resolve("nothing"))])).to.equal("nothing");
  });

  it("answers in another order than it was asked", async () => {
    const provider = faulty(l2.provider, outOfOrder(3));
    const order: number[] = [];
    const asked = [0, 1, 2].map(async (index) => provider.getBlock(index).then(() => order.push(index)));
    await Promise.all(asked);
    expect(order).to.deep.equal([2, 1, 0]);
  });

  it("refuses ranges that are too long", async () => {
    const error: unknown = await logsOf(faulty(l2.provider, refusingRanges(7))).then(null, (reason: unknown) => reason);
    expect(error).to.include({ shortMessage: "block range is limited to 7" });
    expect(await logsOf(faulty(l2.provider, refusingRanges(8)))).to.have.length(8);
  });

  it("loses the older logs of a range", async () => {
    expect(numbers(await logsOf(faulty(l2.provider, losingLogs(3))))).to.deep.equal([-2, -1, 0]);
  });

  it("is on a fork until it comes back", async () => {
    const fork = forking({ head, depth: 3 }, (log) => [log]);
    const provider = faulty(l2.provider, fork.fault);
    const hashes = async () => (await logsOf(provider)).slice(-4).map(({ blockHash }) => blockHash);
    const before = await hashes();
    fork.end();
    const after = await hashes();
    expect(before).to.deep.equal([after[0], ...[2, 1, 0].map((depth) => forkedHash(head - depth))]);
    expect(after).to.have.length(4);
  });

  it("has no logs of the blocks of a fork unless they are given, and other blocks", async () => {
    const provider = faulty(l2.provider, forking({ head, depth: 3 }).fault);
    expect(numbers(await logsOf(provider))).to.deep.equal([-7, -6, -5, -4, -3]);
    const [last, first] = [await provider.getBlock(head), await provider.getBlock(head - 2)];
    expect(last).to.include({ hash: forkedHash(head), parentHash: forkedHash(head - 1), number: head });
    expect(first?.parentHash).to.equal((await l2.provider.getBlock(head - 3))?.hash);
  });

  it("is on another chain", async () => {
    const provider = faulty(
      l2.provider,
      onChain(5),
      answering(concat([toBeHex(1, 32), "0x02"]), { methods: ["call"] }),
    );
    expect((await provider.getNetwork()).chainId).to.equal(5n);
    expect(await provider.call({ data: "0x" })).to.equal(concat([toBeHex(5, 32), "0x02"]));
  });
});

const request = { method: "getBlockNumber", parameters: [], index: 0 };
