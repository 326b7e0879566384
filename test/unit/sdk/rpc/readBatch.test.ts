import { expect } from "chai";
import { AbiCoder, concat, toBeHex } from "ethers";

import { StakingPool__factory } from "../../../../sdk/src/generated/contracts";
import { type BatchTarget, type Read, readBatch } from "../../../../sdk/src/rpc/readBatch";
import { type ProtocolWorld, livingProtocol } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { type Fault, answering, counting, faulty, onChain } from "../../../helpers/sdk/faultyProvider";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";
import type { Hex } from "../../../../sdk/src/types";

const pool = StakingPool__factory.createInterface();

describe("readBatch", () => {
  let world: ProtocolWorld;
  let buffer: Read;

  beforeEach(async () => {
    world = await livingProtocol();
    const { stakingPool } = sdkContext(world).deployment.l2;
    buffer = { target: stakingPool, data: pool.encodeFunctionData("buffer") as Hex };
  });

  const target = (...faults: readonly Fault[]): BatchTarget => {
    const { l2, deployment } = sdkContext(world);
    const ids = { chainId: deployment.l2.chainId, otherChainId: deployment.l1.chainId };
    return { side: "l2", provider: faulty(l2, ...faults), ...ids };
  };

  it("brings data, balances, reverts and missing contracts, each in its place", async () => {
    const nobody = world.people.carol.address as Hex;
    const refused = pool.encodeFunctionData("previewRedeemInstant", [10n ** 30n]) as Hex;
    const reads = [
      buffer,
      { ...buffer, data: "0x" },
      { ...buffer, data: refused },
      { ...buffer, target: nobody },
    ] as const;
    const { answers, blockNumber, timestamp } = await readBatch(target(), reads);
    const held = await world.protocol.l2.stakingPool.buffer();
    expect(answers.map(({ isDone }) => isDone)).to.deep.equal([true, true, false, true]);
    expect(answers.slice(0, 2).map(({ data }) => BigInt(data))).to.deep.equal([held, held]);
    expect(answers[2]?.data.slice(0, 10)).to.equal(pool.getError("StakingPool__BufferTooSmall")?.selector);
    expect(answers[3]?.data).to.equal("0x");
    expect(answers[3]?.codeHash).not.to.equal(answers[0]?.codeHash);
    expect([blockNumber, Number(timestamp)]).to.deep.equal([
      await world.l2.provider.getBlockNumber(),
      await world.l2.now(),
    ]);
  });

  for (const [count, requests] of [
    [0, 1],
    [30, 1],
    [31, 2],
    [90, 3],
  ] as const) {
    it(`takes ${requests} request${requests === 1 ? "" : "s"} for ${count} reads`, async () => {
      const seen = counting();
      const { answers } = await readBatch(
        target(seen.fault),
        Array.from({ length: count }, () => buffer),
      );
      expect([answers.length, seen.count()]).to.deep.equal([count, requests]);
    });
  }

  it("asks for all parts at once when the block is named, and in any case in one block", async () => {
    const open: number[] = [];
    let waiting = 0;
    const gauge: Fault = async (_request, proceed) => {
      open.push(++waiting);
      const answer = await proceed();
      waiting--;
      return answer;
    };
    const reads = Array.from({ length: 70 }, () => buffer);
    const { blockNumber } = await readBatch(target(gauge), reads);
    expect(open).to.deep.equal([1, 1, 2]);
    open.length = 0;
    await readBatch({ ...target(gauge), blockTag: blockNumber }, reads);
    expect(open).to.deep.equal([1, 2, 3]);
  });

  it("notices another chain, and swapped ones", async () => {
    const { l1 } = sdkContext(world).deployment;
    expect(await rejectionOf(readBatch(target(onChain(5)), [buffer]))).to.include({
      ...{ name: "ChainMismatchError", side: "l2", actual: 5, isSwapped: false },
    });
    expect(await rejectionOf(readBatch(target(onChain(l1.chainId)), [buffer]))).to.include({ isSwapped: true });
  });

  const garbage: Readonly<Record<string, unknown>> = {
    ...{ nothing: undefined, null: null, "a number": 7, "an object": {}, "no bytes": "0x", "odd bytes": "0x123" },
    ...{ words: "internal error", "few bytes": "0xdeadbeef", "many bytes": `0x${"ff".repeat(2_000)}` },
    "an offset out of bounds": concat([1, 2, 3, 2n ** 200n].map((word) => toBeHex(word, 32))),
  };
  for (const [what, answer] of Object.entries(garbage)) {
    it(`says that ${what} is no answer`, async () => {
      const error = await rejectionOf(readBatch(target(answering(answer)), [buffer]));
      expect(error).to.include({ name: "RpcAnswerError", side: "l2", method: "eth_call" });
    });
  }

  const encoded = (chainId: number, block: number, answers: number) =>
    AbiCoder.defaultAbiCoder().encode(
      ["uint256", "uint256", "uint256", "tuple(bool, bytes32, bytes)[]"],
      [chainId, block, 1, Array.from({ length: answers }, () => [true, toBeHex(0, 32), "0x"])],
    );

  it("notices that answers are missing, or too many", async () => {
    const { chainId } = target();
    for (const count of [0, 2]) {
      const error = await rejectionOf(readBatch(target(answering(encoded(chainId, 1, count))), [buffer]));
      expect(error).to.include({ name: "RpcAnswerError" });
    }
  });

  it("notices an answer from another block than the one asked for", async () => {
    const { chainId } = target();
    const error = await rejectionOf(readBatch({ ...target(answering(encoded(chainId, 8, 1))), blockTag: 7 }, [buffer]));
    expect(error).to.include({ name: "RpcAnswerError", reason: "block 7 was asked for, 8 was read" });
  });
});
