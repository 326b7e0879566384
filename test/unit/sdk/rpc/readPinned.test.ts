import { expect } from "chai";

import { ChainMismatchError, NoContractError, RevertError } from "../../../../sdk/src/errors";
import { RedemptionQueue__factory, StakingPool__factory } from "../../../../sdk/src/generated/contracts";
import { readL1, readL2 } from "../../../../sdk/src/rpc/readPinned";
import { livingProtocol } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";

describe("readPinned", function () {
  it("reads what views asked together return, in one request", async function () {
    const world = await livingProtocol();
    const context = sdkContext(world);
    let requests = 0;
    const call = context.l2.call.bind(context.l2);
    const l2 = Object.create(context.l2, {
      call: { value: (request: Parameters<typeof call>[0]) => (requests++, call(request)) },
    }) as typeof context.l2;
    const { value } = await readL2({ ...context, l2 }, undefined, (runner) => {
      const pool = StakingPool__factory.connect(context.deployment.l2.stakingPool, runner);
      return Promise.all([pool.buffer(), pool.totalAssets(), runner.balance(context.deployment.l2.stakingPool)]);
    });
    const { stakingPool } = world.protocol.l2;
    expect(value).to.deep.equal([
      await stakingPool.buffer(),
      await stakingPool.totalAssets(),
      await world.l2.provider.getBalance(stakingPool),
    ]);
    expect(requests).to.equal(1);
  });

  it("stays in one block, and says which, while the chain goes on", async function () {
    const world = await livingProtocol();
    const context = sdkContext(world);
    const number = await world.l2.provider.getBlockNumber();
    const { block, value } = await readL2(context, undefined, async (runner) => {
      const pool = StakingPool__factory.connect(context.deployment.l2.stakingPool, runner);
      const before = await pool.buffer();
      await world.protocol.l2.stakingPool.deposit(world.people.bob.address, world.people.bob.address, {
        value: 10n ** 18n,
      });
      return [before, await pool.buffer()] as const;
    });
    expect(value[1]).to.equal(value[0]);
    expect(block.blockNumber).to.equal(number);
    expect(block.timestamp).to.equal(BigInt((await world.l2.provider.getBlock(number))!.timestamp));
  });

  it("reads more views than one answer holds", async function () {
    const world = await livingProtocol();
    const context = sdkContext(world);
    const { value } = await readL2(context, undefined, (runner) => {
      const pool = StakingPool__factory.connect(context.deployment.l2.stakingPool, runner);
      return Promise.all(Array.from({ length: 99 }, () => pool.solvency()));
    });
    expect(value).to.have.length(99);
    expect(value[98]?.totalAssets).to.equal(await world.protocol.l2.stakingPool.totalAssets());
  });

  it("names the contract's own error when a view reverts", async function () {
    const world = await livingProtocol();
    const context = sdkContext(world);
    const read = readL2(context, undefined, (runner) =>
      RedemptionQueue__factory.connect(context.deployment.l2.redemptionQueue, runner).ticket(77n),
    );
    const error: unknown = await read.then(null, (reason: unknown) => reason);
    expect(error).to.be.instanceOf(RevertError);
    expect(error).to.include({ error: "RedemptionQueue__UnknownTicket" });
    expect(error).to.have.deep.property("args", { id: 77n });
  });

  it("says that there is no contract where there is none", async function () {
    const world = await livingProtocol();
    const context = sdkContext(world);
    const read = readL2(context, undefined, (runner) =>
      StakingPool__factory.connect(context.deployment.l1.lockManager, runner).buffer(),
    );
    const error: unknown = await read.then(null, (reason: unknown) => reason);
    expect(error).to.be.instanceOf(NoContractError);
    expect(error).to.include({ address: context.deployment.l1.lockManager });
  });

  it("notices providers that are swapped", async function () {
    const world = await livingProtocol();
    const context = sdkContext(world);
    const read = readL1({ ...context, l1: context.l2 }, undefined, (runner) =>
      runner.balance(context.deployment.l1.lockManager),
    );
    const error: unknown = await read.then(null, (reason: unknown) => reason);
    expect(error).to.be.instanceOf(ChainMismatchError);
    expect(error).to.include({ side: "l1", isSwapped: true });
  });
});
