/** Random lives of the protocol, for the accounting: who does what, and what the contracts' views say after each block. */
import { MaxUint256, parseEther } from "ethers";

import {
  depositOnL1,
  deposit,
  depositAndStake,
  rebalance,
  redeemInstant,
  rewardBatch,
} from "../../../scripts/lib/demo/actions";
import { advance } from "../../../scripts/lib/demo/world";
import { day } from "../../../scripts/lib/localClock";
import type { Address } from "../../../sdk/src/types";
import { checkAddress } from "../../../sdk/src/check";
import { type Person, type ProtocolWorld, arriveDown, deliver, finaliseQueue, report, slash } from "../protocol";
import type { Random } from "../random";

const nobody = "0x0000000000000000000000000000000000000000";

/** What somebody does in one step. It may be refused. */
type Action = (world: ProtocolWorld, random: Random) => Promise<unknown>;

const users = (world: ProtocolWorld): readonly Person[] => {
  const { alice, bob, carol, dave } = world.people;
  return [alice, bob, carol, dave];
};

/** The accounts that hold something in these lives. */
export function accountsOf(world: ProtocolWorld): readonly Address[] {
  const { treasury, stranger } = world.people;
  return [...users(world), treasury, stranger].map(({ address }) => checkAddress("account", address));
}

/** Allows all tokens to all who take them. */
export async function approveAll(world: ProtocolWorld): Promise<void> {
  const { eMetis, seMetis, redemptionQueue } = world.protocol.l2;
  for (const { l2 } of [...users(world), world.people.stranger]) {
    await eMetis.connect(l2).approve(seMetis, MaxUint256);
    await eMetis.connect(l2).approve(redemptionQueue, MaxUint256);
    await seMetis.connect(l2).approve(redemptionQueue, MaxUint256);
  }
}

const assetsOf = (random: Random) => random.between(10n ** 16n, parseEther("900"));

async function partOf(random: Random, balance: Promise<bigint>): Promise<bigint> {
  const held = await balance;
  return random.pick([held, held / 2n, 1n + random.below(held + 1n)]);
}

/** A ticket that a person holds, from the logs. */
async function ticketOf(world: ProtocolWorld, owner: Person | undefined, random: Random): Promise<bigint> {
  const { redemptionQueue } = world.protocol.l2;
  const requests = await redemptionQueue.queryFilter(redemptionQueue.filters.RedemptionRequested(), 0);
  const ids = requests.map(({ args }) => args.id);
  for (let attempt = 0; attempt < 30; attempt++) {
    const id = random.pick(ids);
    const holder = await redemptionQueue.ownerOf(id).catch(() => nobody);
    if (holder !== nobody && (owner === undefined || holder === owner.address)) return id;
  }
  throw new Error("no such ticket");
}

/** All that users do, by name. */
export const userActions: Readonly<Record<string, Action>> = {
  deposit: (world, random) => deposit(world, random.pick(users(world)), assetsOf(random)),
  depositForAnother: ({ people, protocol }, random) =>
    protocol.l2.stakingPool.connect(people.alice.l2).deposit(people.bob.address, nobody, { value: assetsOf(random) }),
  depositAndStake: (world, random) => depositAndStake(world, random.pick(users(world)), assetsOf(random)),
  stake: async ({ protocol: { l2 }, people }, random) => {
    const user = random.pick([people.bob, people.carol]);
    return l2.seMetis.connect(user.l2).deposit(await partOf(random, l2.eMetis.balanceOf(user.address)), user.address);
  },
  mintShares: async ({ protocol: { l2 }, people }, random) => {
    const shares = random.between(1n, parseEther("3"));
    return l2.seMetis.connect(people.bob.l2).mint(shares, people.bob.address);
  },
  stakeForAnother: async ({ protocol: { l2 }, people }, random) => {
    const assets = random.between(1n, parseEther("2"));
    return l2.seMetis.connect(people.bob.l2).deposit(assets, people.carol.address);
  },
  unstake: async (world, random) => {
    const { seMetis } = world.protocol.l2;
    const user = random.pick(users(world));
    const shares = (await partOf(random, seMetis.balanceOf(user.address))) / 3n;
    return seMetis.connect(user.l2).redeem(shares, user.address, user.address);
  },
  withdrawStaked: async (world, random) => {
    const user = random.pick(users(world));
    const assets = random.between(1n, parseEther("40"));
    return world.protocol.l2.seMetis.connect(user.l2).withdraw(assets, user.address, user.address);
  },
  unstakeToAnother: async ({ protocol: { l2 }, people }, random) =>
    l2.seMetis
      .connect(people.alice.l2)
      .redeem(random.between(1n, parseEther("5")), people.dave.address, people.alice.address),
  giveEMetis: async (world, random) => {
    const [from, to] = [random.pick(users(world)), random.pick(users(world))];
    return world.protocol.l2.eMetis.connect(from.l2).transfer(to.address, random.between(0n, parseEther("50")));
  },
  giveShares: async (world, random) => {
    const [from, to] = [random.pick(users(world)), random.pick(users(world))];
    return world.protocol.l2.seMetis.connect(from.l2).transfer(to.address, random.between(0n, parseEther("50")));
  },
  giveTicket: async (world, random) => {
    const from = random.pick(users(world));
    const id = await ticketOf(world, from, random);
    const { redemptionQueue } = world.protocol.l2;
    return redemptionQueue.connect(from.l2).transferFrom(from.address, random.pick(users(world)).address, id);
  },
  donateToStakers: ({ protocol: { l2 }, people }, random) =>
    l2.eMetis.connect(people.bob.l2).transfer(l2.seMetis, random.between(1n, parseEther("4"))),
  donateToQueue: ({ protocol: { l2 }, people }, random) =>
    l2.eMetis.connect(people.bob.l2).transfer(l2.redemptionQueue, random.between(1n, parseEther("1"))),
  requestRedeem: async (world, random) => {
    const user = random.pick(users(world));
    const assets = random.between(10n ** 16n, parseEther("300"));
    return world.protocol.l2.redemptionQueue.connect(user.l2).requestRedeem(assets, user.address);
  },
  requestForAnother: ({ protocol: { l2 }, people }, random) =>
    l2.redemptionQueue
      .connect(people.bob.l2)
      .requestRedeem(random.between(10n ** 16n, parseEther("9")), people.carol.address),
  requestBatch: ({ protocol: { l2 }, people }, random) => {
    const parts = [assetsOf(random) / 9n, 10n ** 16n, assetsOf(random) / 7n].map((part) => part + 10n ** 16n);
    return l2.redemptionQueue.connect(people.bob.l2).requestRedeemBatch(parts, people.bob.address);
  },
  requestStaked: ({ protocol: { l2 }, people }, random) => {
    const shares = random.between(parseEther("0.02"), parseEther("700"));
    return l2.redemptionQueue.connect(people.alice.l2).requestRedeemStaked(shares, people.alice.address);
  },
  claim: async (world, random) =>
    world.protocol.l2.redemptionQueue.connect(world.people.stranger.l2).claim(await ticketOf(world, undefined, random)),
  claimTo: async (world, random) => {
    const user = random.pick(users(world));
    const id = await ticketOf(world, user, random);
    return world.protocol.l2.redemptionQueue.connect(user.l2).claimTo([id], world.people.stranger.address);
  },
  redeemInstant: (world, random) =>
    redeemInstant(world, random.pick(users(world)), random.between(1n, parseEther("100"))),
  depositOnL1: (world, random) => depositOnL1(world, world.people.dave, assetsOf(random)),
  depositOnL1Unstaked: async ({ protocol: { l1 }, people }, random) => {
    const assets = assetsOf(random);
    await l1.metis.mint(people.dave.address, assets);
    await l1.metis.connect(people.dave.l1).approve(l1.lockManager, assets);
    return l1.lockManager
      .connect(people.dave.l1)
      .deposit(assets, people.carol.address, false, { value: parseEther("0.1") });
  },
  deliverDeposits: async (world) => {
    await arriveDown(world);
    const { lockManager } = world.protocol.l1;
    for (const { args } of await lockManager.queryFilter(lockManager.filters.Deposited(), 0)) {
      const minted = await world.protocol.l2.stakingPool.l1DepositMinted(args.number);
      if (minted < args.assets) await deliver(world, args.number).catch(() => undefined);
    }
  },
};

/** All that happens to the protocol, by name. */
export const protocolActions: Readonly<Record<string, Action>> = {
  wait: (world, random) => advance(world, Number(random.between(1n, 200_000n))),
  reward: async (world, random) => {
    await advance(world, day);
    await rewardBatch(world, [random.between(1n, 9_000n), random.between(1n, 9_000n)]);
    await report(world);
  },
  finaliseQueue: (world) => finaliseQueue(world),
  fundInParts: (world) => rebalance(world, world.people.stranger),
  lose: async (world, random) => {
    await slash(world, random.pick([0n, 1n]), random.between(1n, parseEther("90")));
    await report(world);
  },
};
