import { expect } from "chai";
import { MaxUint256, parseEther } from "ethers";

import { type Lines, lineNames } from "../../../../sdk/src/accounting/lines";
import { type RewardHistory, rewardHistory } from "../../../../sdk/src/accounting/rewardHistory";
import { checkAddress } from "../../../../sdk/src/check";
import { sdkContext } from "../../../helpers/sdk/context";
import { type ProtocolWorld, finaliseQueue, livingProtocol, report, slash } from "../../../helpers/protocol";

const nobody = "0x0000000000000000000000000000000000000000";
const one = parseEther("1");

type Step = readonly [
  name: string,
  act: (world: ProtocolWorld) => Promise<unknown>,
  lines: readonly (keyof Lines)[] | "none",
];

/** What is done to alice's account, one transaction each, and the lines that it may move beside rewards and rounding. */
const steps: readonly Step[] = [
  ["shares to herself", ({ people: { alice }, protocol: { l2 } }) => l2.seMetis.transfer(alice.address, one), []],
  ["shares to the vault", ({ protocol: { l2 } }) => l2.seMetis.transfer(l2.seMetis, one), ["transfersOut"]],
  ["shares to the queue", ({ protocol: { l2 } }) => l2.seMetis.transfer(l2.redemptionQueue, one), ["transfersOut"]],
  [
    "shares taken by bob",
    ({ people: { alice, bob, carol }, protocol: { l2 } }) =>
      l2.seMetis.connect(bob.l2).transferFrom(alice.address, carol.address, one),
    ["transfersOut"],
  ],
  ["a deposit", ({ people: { alice }, protocol: { l2 } }) => paid(l2.stakingPool, alice.address), ["deposits"]],
  ["a deposit for bob", ({ people: { bob }, protocol: { l2 } }) => paid(l2.stakingPool, bob.address), "none"],
  [
    "shares minted to carol",
    ({ people, protocol: { l2 } }) => l2.seMetis.mint(one, people.carol.address),
    ["transfersOut"],
  ],
  ["eMetis given to the vault", ({ protocol: { l2 } }) => l2.eMetis.transfer(l2.seMetis, one), ["transfersOut"]],
  [
    "eMetis of bob given to her",
    ({ people: { alice, bob }, protocol: { l2 } }) => l2.eMetis.connect(bob.l2).transfer(alice.address, one),
    ["transfersIn"],
  ],
  [
    "an instant redemption to carol",
    ({ people, protocol: { l2 } }) => l2.stakingPool.redeemInstant(one, 0n, people.carol.address),
    ["instantRedemptions", "instantFees"],
  ],
  [
    "a redemption of shares",
    ({ people, protocol: { l2 } }) => l2.redemptionQueue.requestRedeemStaked(9n * one, people.alice.address),
    [],
  ],
  [
    "a redemption of shares for bob",
    ({ people, protocol: { l2 } }) => l2.redemptionQueue.requestRedeemStaked(one, people.bob.address),
    ["transfersOut"],
  ],
  [
    "shares unstaked to bob",
    ({ people, protocol: { l2 } }) => l2.seMetis.redeem(one, people.bob.address, people.alice.address),
    ["transfersOut"],
  ],
];

const paid = (pool: ProtocolWorld["protocol"]["l2"]["stakingPool"], receiver: string) =>
  pool.deposit(receiver, nobody, { value: 20n * one });

describe("rewards recomputed from the views of each block", function () {
  this.timeout(120_000);

  let world: ProtocolWorld;
  let history: RewardHistory;
  const blocks = new Map<number, Step>();
  let firstBlock: number;

  before(async function () {
    world = await livingProtocol();
    const { alice, bob } = world.people;
    const { eMetis, seMetis, redemptionQueue, stakingPool } = world.protocol.l2;
    const asAlice = {
      ...world.protocol.l2,
      eMetis: eMetis.connect(alice.l2),
      seMetis: seMetis.connect(alice.l2),
      redemptionQueue: redemptionQueue.connect(alice.l2),
      stakingPool: stakingPool.connect(alice.l2),
    };
    await asAlice.eMetis.approve(seMetis, MaxUint256);
    await asAlice.seMetis.approve(redemptionQueue, MaxUint256);
    await asAlice.seMetis.approve(bob.address, MaxUint256);
    await stakingPool.connect(bob.l2).deposit(bob.address, nobody, { value: parseEther("3000") });
    firstBlock = await world.l2.provider.getBlockNumber();
    // Blocks may share a second, and what happens in the window's first one is before it.
    await world.l2.increase(60);
    const acting = { ...world, protocol: { ...world.protocol, l2: asAlice } };
    for (const step of steps) {
      await step[1](acting);
      blocks.set(await world.l2.provider.getBlockNumber(), step);
      await world.l2.increase(3_601);
    }
    await slash(world, 0n, parseEther("400"));
    await report(world);
    await finaliseQueue(world);
    const id = (
      await redemptionQueue.queryFilter(redemptionQueue.filters.RedemptionRequested(undefined, alice.address))
    )[0]!;
    await asAlice.redemptionQueue.claimTo([id.args.id], bob.address);
    const claimed: Step = ["a claim to bob", () => Promise.resolve(), ["claims"]];
    blocks.set(await world.l2.provider.getBlockNumber(), claimed);
    const from = BigInt((await world.l2.provider.getBlock(firstBlock))!.timestamp);
    history = await rewardHistory(sdkContext(world), { account: checkAddress("account", alice.address), from });
  });

  it("books as rewards what the stream's own formula vests for her shares between all blocks, and nothing else", async function () {
    const last = await world.l2.provider.getBlockNumber();
    const own = new Set(history.byEvent.filter(({ type }) => type === "event").map(blockOf));
    let [rewards, losses] = [0n, 0n];
    for (let block = firstBlock + 1; block <= last; block++) {
      const time = BigInt((await world.l2.provider.getBlock(block))!.timestamp);
      const [before, then, after] = [
        await viewed(world, block - 1),
        await viewed(world, block - 1, time),
        await viewed(world, block),
      ];
      rewards += then - before;
      if (own.has(block)) continue;
      // Of others: rounding that is left to her, or a loss.
      if (after >= then) rewards += after - then;
      else losses += after - then;
    }
    expect(history.total.rewards).to.equal(rewards);
    expect(history.total.losses + history.total.haircuts).to.equal(losses);
    expect(losses < 0n && rewards > parseEther("0.1"), `${losses} ${rewards}`).to.equal(true);
  });

  it("opens and closes with what the views of both blocks say", async function () {
    expect(history.opening.total).to.equal(await viewed(world, firstBlock));
    expect(history.closing.total).to.equal(await viewed(world, await world.l2.provider.getBlockNumber()));
  });

  it("moves by each transaction of hers the lines that it should, by what it changed the views' value", async function () {
    for (const [block, [name, , lines]] of blocks) {
      const row = history.byEvent.find((candidate) => blockOf(candidate) === block);
      if (lines === "none") {
        expect(row, name).to.equal(undefined);
        continue;
      }
      const time = BigInt((await world.l2.provider.getBlock(block))!.timestamp);
      expect(row, name).to.not.equal(undefined);
      const moved = lineNames.filter((line) => row![line] !== 0n && line !== "rewards" && line !== "rounding");
      const ownLines = moved.filter((line) => line !== "losses" && line !== "haircuts");
      expect([...ownLines].sort(), name).to.deep.equal([...lines].sort());
      const change = (await viewed(world, block)) - (await viewed(world, block - 1, time));
      expect(
        ownLines.reduce((sum, line) => sum + row![line], row!.rounding),
        name,
      ).to.equal(change);
    }
  });
});

function blockOf(row: RewardHistory["byEvent"][number]): number | undefined {
  return row.type === "event" ? row.blockNumber : undefined;
}

/** Alice's value by the views of a block, and by the stream's formula at a later time; no code of the SDK. */
async function viewed(
  { protocol, people: { alice } }: ProtocolWorld,
  blockTag: number,
  time?: bigint,
): Promise<bigint> {
  const { eMetis, seMetis, redemptionQueue } = protocol.l2;
  const at = { blockTag };
  const shares = await seMetis.balanceOf(alice.address, at);
  const supply = await seMetis.totalSupply(at);
  const stream = await seMetis.stream(at);
  const span = stream.endsAt - stream.vestedAt;
  const vested = (seconds: bigint) =>
    seconds >= stream.endsAt ? stream.unvested : (stream.unvested * (seconds - stream.vestedAt)) / span;
  const staked =
    time === undefined
      ? await seMetis.convertToAssets(shares, at)
      : (shares * (stream.assets + vested(time) + 1n)) / (supply + 1n);
  let tickets = 0n;
  for (const { args } of await redemptionQueue.queryFilter(
    redemptionQueue.filters.RedemptionRequested(),
    0,
    blockTag,
  )) {
    const ticket = await redemptionQueue.ticket(args.id, at).catch(() => undefined);
    if (ticket?.owner !== alice.address) continue;
    const until = await redemptionQueue.finalisedUntil(at);
    const from = until > ticket.claimedUntil ? until : ticket.claimedUntil;
    tickets += ticket.claimable + (ticket.end > from ? ticket.end - from : 0n);
  }
  return (await eMetis.balanceOf(alice.address, at)) + staked + tickets;
}
