import { expect } from "chai";

import { AddressError, LogRangeError } from "../../../../sdk/src/errors";
import { readDeposits } from "../../../../sdk/src/reads/readDeposits";
import { sdkContext } from "../../../helpers/sdk/context";
import { errorOf, spied } from "../../../helpers/sdk/spied";
import { busyProtocol } from "../../../helpers/sdk/states";

const one = 10n ** 18n;

describe("readDeposits", function () {
  it("finds what was deposited for an account, and what is minted of it, in three round trips", async function () {
    const world = await busyProtocol();
    const { context, requests, depth } = spied(sdkContext(world));
    const { dave } = world.people;
    const { deposits, l1Block, l2Block } = await readDeposits(context, { account: dave.address });
    const { lockManager } = world.protocol.l1;
    const logs = await lockManager.queryFilter(lockManager.filters.Deposited(), 0);
    const made = { caller: dave.address, receiver: dave.address, isStaked: true };
    const places = logs.map(({ blockNumber, transactionHash }) => ({ blockNumber, transactionHash }));
    const first = 45_000_125_000_000_000_000_001n;
    const second = 60_000n * one + 6n;
    const { partlyMinted, onTheWay } = world.numbers;
    expect(deposits).to.deep.equal([
      { type: "minted", ...made, number: 1n, assets: first, minted: first, ...places[0] },
      { type: "partlyMinted", ...made, number: partlyMinted, assets: second, minted: 50_000n * one, ...places[1] },
      { type: "onTheWay", ...made, number: onTheWay, assets: 7n * one + 7n, minted: 0n, ...places[2] },
    ]);
    expect(l1Block).to.equal(await world.l1.provider.getBlockNumber());
    expect(l2Block.blockNumber).to.equal(await world.l2.provider.getBlockNumber());
    expect(requests()).to.deep.equal(["l1 call", "l1 getLogs", "l2 call"]);
    expect(depth()).to.equal(3);
  });

  it("reads from and to the blocks that it is given", async function () {
    const world = await busyProtocol();
    const context = sdkContext(world);
    const account = world.people.dave.address;
    const { deposits } = await readDeposits(context, { account });
    const [first, second] = deposits;
    const from = await readDeposits(context, { account, fromBlock: first!.blockNumber + 1 });
    expect(from.deposits).to.deep.equal(deposits.slice(1));
    const to = await readDeposits(context, { account, l1Block: second!.blockNumber });
    expect(to.deposits).to.deep.equal(deposits.slice(0, 2));
    const before = await readDeposits(context, { account, l2Block: 1 + (await firstMint(world)) });
    expect(before.deposits.map(({ type }) => type)).to.deep.equal(["minted", "onTheWay", "onTheWay"]);
  });

  it("finds none for who has none, and refuses what is no account", async function () {
    const world = await busyProtocol();
    const context = sdkContext(world);
    expect((await readDeposits(context, { account: world.people.bob.address })).deposits).to.deep.equal([]);
    const error = await errorOf(readDeposits(context, { account: "0x00" }));
    expect(error).to.be.instanceOf(AddressError);
    expect(error).to.include({ parameter: "account", value: "0x00", reason: "malformed" });
  });

  it("says so when the node gives no logs", async function () {
    const world = await busyProtocol();
    const { context } = spied(sdkContext(world), async ({ method }, proceed) =>
      method === "getLogs" ? Promise.reject(new Error("no logs here")) : proceed(),
    );
    const error = await errorOf(readDeposits(context, { account: world.people.dave.address }));
    expect(error).to.be.instanceOf(LogRangeError);
    expect(error).to.include({ side: "l1", blockNumber: 0 });
  });
});

async function firstMint({ protocol }: Awaited<ReturnType<typeof busyProtocol>>): Promise<number> {
  const { stakingPool } = protocol.l2;
  const [event] = await stakingPool.queryFilter(stakingPool.filters.L1DepositMinted(1n), 0);
  return event!.blockNumber;
}
