import { expect } from "chai";
import type { TransactionReceipt } from "ethers";

import { deposit } from "../../../../sdk/src/actions/deposit";
import { depositAndStake } from "../../../../sdk/src/actions/depositAndStake";
import { mintShares } from "../../../../sdk/src/actions/mintShares";
import { redeemInstant } from "../../../../sdk/src/actions/redeemInstant";
import { requestRedeemStaked } from "../../../../sdk/src/actions/requestRedeemStaked";
import { stake } from "../../../../sdk/src/actions/stake";
import { unstake } from "../../../../sdk/src/actions/unstake";
import { withdrawStaked } from "../../../../sdk/src/actions/withdrawStaked";
import type { Context } from "../../../../sdk/src/context";
import { previewDeposit } from "../../../../sdk/src/previews/previewDeposit";
import { previewDepositAndStake } from "../../../../sdk/src/previews/previewDepositAndStake";
import { previewMintShares } from "../../../../sdk/src/previews/previewMintShares";
import { previewRedeemInstant } from "../../../../sdk/src/previews/previewRedeemInstant";
import { previewRequestRedeemStaked } from "../../../../sdk/src/previews/previewRequestRedeemStaked";
import { previewStake } from "../../../../sdk/src/previews/previewStake";
import { previewUnstake } from "../../../../sdk/src/previews/previewUnstake";
import { previewWithdrawStaked } from "../../../../sdk/src/previews/previewWithdrawStaked";
import { ticketsOf } from "../../../../sdk/src/receipts/ticketsOf";
import type { Call } from "../../../../sdk/src/types";
import type { Person, ProtocolWorld } from "../../../helpers/protocol";
import { type Random, seededRandom } from "../../../helpers/random";
import { sdkContext } from "../../../helpers/sdk/context";
import { type Outcome, addressOf, asOutcome, outcomeAt, states } from "../../../helpers/sdk/previews";

const seed = 20_260_729;
const rounds = 12;
const cent = 10n ** 16n;

/** A world, its context, a second to come and random numbers. */
interface Setting {
  readonly world: ProtocolWorld;
  readonly context: Context;
  readonly random: Random;
  readonly at: bigint;
}

/** A call, who sends it, what is said of it before and what is found in its receipt. */
interface Trial {
  readonly sender: Person;
  readonly call: Call;
  readonly preview: { readonly type: "done" | "refused" };
  readonly read: (receipt: TransactionReceipt) => Promise<Readonly<Record<string, unknown>>>;
}

/** From 1 wei to more than anyone has. */
const amountOf = (random: Random) => 1n + random.ofBits(78);
/** From the least deposit to what anyone can pay. */
const valueOf = (random: Random) => cent + random.ofBits(75);

async function staked({ seMetis }: ProtocolWorld["protocol"]["l2"], { blockNumber }: TransactionReceipt) {
  const [event] = await seMetis.queryFilter(seMetis.filters.Deposit(), blockNumber, blockNumber);
  return { assets: event?.args.assets, shares: event?.args.shares };
}

async function unstaked({ seMetis }: ProtocolWorld["protocol"]["l2"], { blockNumber }: TransactionReceipt) {
  const [event] = await seMetis.queryFilter(seMetis.filters.Withdraw(), blockNumber, blockNumber);
  return { assets: event?.args.assets, shares: event?.args.shares };
}

const trials: Readonly<Record<string, (setting: Setting) => Promise<Trial>>> = {
  previewDeposit: async ({ world, context, random, at }) => {
    const { bob, carol } = world.people;
    const { stakingPool } = world.protocol.l2;
    const parameters = { assets: valueOf(random), receiver: addressOf(carol) };
    const read = async ({ blockNumber }: TransactionReceipt) => {
      const [event] = await stakingPool.queryFilter(stakingPool.filters.Deposited(), blockNumber, blockNumber);
      return { assets: event?.args.assets };
    };
    const preview = await previewDeposit(context, { ...parameters, at });
    return { sender: bob, call: deposit(context.deployment, parameters), preview, read };
  },
  previewDepositAndStake: async ({ world, context, random, at }) => {
    const { bob, carol } = world.people;
    const assets = valueOf(random);
    // About every other time more than the shares can be.
    const minShares = random.below((2n * assets * 99n) / 100n);
    const parameters = { assets, receiver: addressOf(carol), minShares };
    return {
      sender: bob,
      call: depositAndStake(context.deployment, parameters),
      preview: await previewDepositAndStake(context, { ...parameters, at }),
      read: (receipt) => staked(world.protocol.l2, receipt),
    };
  },
  previewStake: async ({ world, context, random, at }) => {
    const { alice, carol } = world.people;
    const parameters = { assets: 1n + random.ofBits(64), receiver: addressOf(carol) };
    return {
      sender: alice,
      call: stake(context.deployment, parameters),
      preview: await previewStake(context, { ...parameters, at }),
      read: (receipt) => staked(world.protocol.l2, receipt),
    };
  },
  previewMintShares: async ({ world, context, random, at }) => {
    const { alice, carol } = world.people;
    const parameters = { shares: 1n + random.ofBits(63), receiver: addressOf(carol) };
    return {
      sender: alice,
      call: mintShares(context.deployment, parameters),
      preview: await previewMintShares(context, { ...parameters, at }),
      read: (receipt) => staked(world.protocol.l2, receipt),
    };
  },
  previewUnstake: async ({ world, context, random, at }) => {
    const { alice, carol } = world.people;
    const parameters = { shares: amountOf(random), receiver: addressOf(carol), owner: addressOf(alice) };
    return {
      sender: alice,
      call: unstake(context.deployment, parameters),
      preview: await previewUnstake(context, { ...parameters, at }),
      read: (receipt) => unstaked(world.protocol.l2, receipt),
    };
  },
  previewWithdrawStaked: async ({ world, context, random, at }) => {
    const { alice, carol } = world.people;
    const parameters = { assets: amountOf(random), receiver: addressOf(carol), owner: addressOf(alice) };
    return {
      sender: alice,
      call: withdrawStaked(context.deployment, parameters),
      preview: await previewWithdrawStaked(context, { ...parameters, at }),
      read: (receipt) => unstaked(world.protocol.l2, receipt),
    };
  },
  previewRequestRedeemStaked: async ({ world, context, random, at }) => {
    const { alice, carol } = world.people;
    const parameters = { shares: amountOf(random), owner: addressOf(carol) };
    return {
      sender: alice,
      call: requestRedeemStaked(context.deployment, parameters),
      preview: await previewRequestRedeemStaked(context, { ...parameters, caller: addressOf(alice), at }),
      read: (receipt) => {
        const [ticket] = ticketsOf(context.deployment, receipt);
        return Promise.resolve({ id: ticket?.id, assets: ticket?.assets, end: ticket?.end });
      },
    };
  },
};

/** What the trials of each preview came to. */
const seen = new Map<string, Set<string>>();

function see(name: string, outcomes: readonly Outcome[]): void {
  const kinds = outcomes.map((outcome) => (outcome.type === "refused" ? outcome.error : "done"));
  seen.set(name, new Set([...(seen.get(name) ?? []), ...kinds]));
}

describe("previews", function () {
  for (const [state, build] of Object.entries(states)) {
    for (const [name, trial] of Object.entries(trials)) {
      it(`${name} says to the wei what happens ${state} at a second to come (seed ${seed})`, async () => {
        const world = await build();
        const context = sdkContext(world);
        const random = seededRandom(seed);
        const pairs: { readonly said: Outcome; readonly done: Outcome }[] = [];
        for (let round = 0; round < rounds; round++) {
          const at = BigInt(await world.l2.now()) + 1n + random.ofBits(18);
          const { sender, call, preview, read } = await trial({ world, context, random, at });
          pairs.push({ said: asOutcome(preview), done: await outcomeAt(world, sender, { call, at }, read) });
        }
        const outcomes = pairs.map(({ done }) => done);
        expect(pairs.map(({ said }) => said)).to.deep.equal(outcomes);
        see(name, outcomes);
      });
    }
  }
});

describe("previewRedeemInstant", function () {
  for (const [state, build] of Object.entries(states)) {
    it(`says to the wei what happens ${state} (seed ${seed})`, async () => {
      const world = await build();
      const context = sdkContext(world);
      const { bob, carol } = world.people;
      const { stakingPool } = world.protocol.l2;
      const random = seededRandom(seed);
      const pairs: { readonly said: Outcome; readonly done: Outcome }[] = [];
      for (let round = 0; round < rounds; round++) {
        const assets = 1n + random.ofBits(74);
        const parameters = {
          assets,
          receiver: addressOf(carol),
          minOut: random.below((assets * 2n * 99n) / 100n + 1n),
        };
        const said = asOutcome(await previewRedeemInstant(context, parameters));
        const rate = await stakingPool.redemptionRate();
        const call = redeemInstant(context.deployment, parameters);
        const at = BigInt(await world.l2.now()) + 1n;
        const done = await outcomeAt(world, bob, { call, at }, async ({ blockNumber }) => {
          const [event] = await stakingPool.queryFilter(
            stakingPool.filters.RedeemedInstantly(),
            blockNumber,
            blockNumber,
          );
          const { paid, fee } = event!.args;
          return { paid, fee, value: paid + fee, rate };
        });
        pairs.push({ said, done });
      }
      const outcomes = pairs.map(({ done }) => done);
      expect(pairs.map(({ said }) => said)).to.deep.equal(outcomes);
      see("previewRedeemInstant", outcomes);
    });
  }
});

describe("all trials of previews", function () {
  it("have met every refusal that is not rare, and success", () => {
    const found = [...seen].map(([name, kinds]) => [name, [...kinds].sort()]);
    expect(Object.fromEntries(found)).to.deep.equal({
      previewDeposit: [
        ...["StakingPool__LossUnconfirmed", "StakingPool__Paused", "StakingPool__Undercollateralised", "done"],
      ],
      previewDepositAndStake: [
        ...["StakingPool__LossUnconfirmed", "StakingPool__Paused", "StakingPool__TooFewShares"],
        ...["StakingPool__Undercollateralised", "done"],
      ],
      previewStake: ["ERC4626ExceededMaxDeposit", "done"],
      previewMintShares: ["ERC4626ExceededMaxMint", "done"],
      previewUnstake: ["ERC4626ExceededMaxRedeem", "done"],
      previewWithdrawStaked: ["ERC4626ExceededMaxWithdraw", "done"],
      previewRequestRedeemStaked: ["ERC4626ExceededMaxRedeem", "RedemptionQueue__BelowMinimum", "done"],
      previewRedeemInstant: [
        ...["StakingPool__LossUnconfirmed", "StakingPool__Paused", "StakingPool__TooLittleOut", "done"],
      ],
    });
  });
});
