import { expect } from "chai";
import { getAddress } from "ethers";

import { approve } from "../../../../sdk/src/actions/approve";
import { beginExitForNeed } from "../../../../sdk/src/actions/beginExitForNeed";
import { claim } from "../../../../sdk/src/actions/claim";
import { claimBatch } from "../../../../sdk/src/actions/claimBatch";
import { claimTo } from "../../../../sdk/src/actions/claimTo";
import { deliver } from "../../../../sdk/src/actions/deliver";
import { deposit } from "../../../../sdk/src/actions/deposit";
import { depositAndStake } from "../../../../sdk/src/actions/depositAndStake";
import { depositOnL1 } from "../../../../sdk/src/actions/depositOnL1";
import { expelDonation } from "../../../../sdk/src/actions/expelDonation";
import { finishExit } from "../../../../sdk/src/actions/finishExit";
import { harvest } from "../../../../sdk/src/actions/harvest";
import { MAX_ASSETS, MAX_COUNTER, MAX_TICKET, MIN_DEPOSIT, MIN_TICKET } from "../../../../sdk/src/actions/limits";
import { mintShares } from "../../../../sdk/src/actions/mintShares";
import { payCommission } from "../../../../sdk/src/actions/payCommission";
import { permit } from "../../../../sdk/src/actions/permit";
import { permitVrs } from "../../../../sdk/src/actions/permitVrs";
import { rebalance } from "../../../../sdk/src/actions/rebalance";
import { recallForNeed } from "../../../../sdk/src/actions/recallForNeed";
import { redeemInstant } from "../../../../sdk/src/actions/redeemInstant";
import { refreshRewardRecipient } from "../../../../sdk/src/actions/refreshRewardRecipient";
import { report } from "../../../../sdk/src/actions/report";
import { requestRedeem } from "../../../../sdk/src/actions/requestRedeem";
import { requestRedeemBatch } from "../../../../sdk/src/actions/requestRedeemBatch";
import { requestRedeemStaked } from "../../../../sdk/src/actions/requestRedeemStaked";
import { requestRedeemStakedWithPermit } from "../../../../sdk/src/actions/requestRedeemStakedWithPermit";
import { requestRedeemWithPermit } from "../../../../sdk/src/actions/requestRedeemWithPermit";
import { resend } from "../../../../sdk/src/actions/resend";
import { signalNeed } from "../../../../sdk/src/actions/signalNeed";
import { stake } from "../../../../sdk/src/actions/stake";
import { sweepVault } from "../../../../sdk/src/actions/sweepVault";
import { unstake } from "../../../../sdk/src/actions/unstake";
import { withdrawStaked } from "../../../../sdk/src/actions/withdrawStaked";
import type { Deployment } from "../../../../sdk/src/deployments";
import { AddressError, AmountError, ParameterError } from "../../../../sdk/src/errors";
import type { Address, Call, Hex } from "../../../../sdk/src/types";
import { failureOf } from "../../../helpers/sdk/calls";

const at = (index: number) => getAddress(`0x${"ab".repeat(19)}${(index + 16).toString(16)}`) as Address;
const receiver = at(1);
const owner = at(2);
const deployment: Deployment = {
  name: "bad input",
  l1: {
    ...{ chainId: 1, startBlock: 0, code: {}, accessManager: at(3), vaultBeacon: at(4), lockManager: at(5) },
    ...{ l1Gateway: at(6), metis: at(7), lockingPool: at(8), bridge: at(9) },
  },
  l2: {
    ...{ chainId: 1088, startBlock: 0, code: {}, accessManager: at(10), eMetis: at(11), seMetis: at(12) },
    ...{ stakingPool: at(13), redemptionQueue: at(14), l2Gateway: at(15) },
  },
};

const one = 10n ** 18n;
const signature: Hex = `0x${"11".repeat(64)}1b`;
const permitted = { token: "eMetis", owner, spender: receiver, value: one, deadline: 1n, signature } as const;
const ticket = { owner, deadline: 1n, signature };

/** Each builder with good parameters. */
const builders = {
  deposit: [deposit, { assets: one, receiver, referrer: owner }],
  depositAndStake: [depositAndStake, { assets: one, receiver, minShares: 0n, referrer: owner }],
  depositOnL1: [depositOnL1, { assets: one, receiver, isStaked: true, fee: 0n }],
  approve: [approve, { token: "seMetis", spender: receiver, amount: 0n }],
  stake: [stake, { assets: 1n, receiver }],
  mintShares: [mintShares, { shares: 1n, receiver }],
  unstake: [unstake, { shares: 1n, receiver, owner }],
  withdrawStaked: [withdrawStaked, { assets: 1n, receiver, owner }],
  requestRedeem: [requestRedeem, { assets: one, owner }],
  requestRedeemWithPermit: [requestRedeemWithPermit, { assets: one, ...ticket }],
  requestRedeemStaked: [requestRedeemStaked, { shares: 1n, owner }],
  requestRedeemStakedWithPermit: [requestRedeemStakedWithPermit, { shares: 1n, ...ticket }],
  redeemInstant: [redeemInstant, { assets: 1n, minOut: 0n, receiver }],
  claim: [claim, { id: 0n }],
  claimTo: [claimTo, { ids: [0n], receiver }],
  permit: [permit, permitted],
  permitVrs: [permitVrs, permitted],
  rebalance: [rebalance, { fee: 0n }],
  signalNeed: [signalNeed, { fee: 0n }],
  harvest: [harvest, { fee: 0n }],
  report: [report, { fee: 0n }],
  recallForNeed: [recallForNeed, { fee: 0n }],
  resend: [resend, { number: 1n, fee: 0n }],
  deliver: [deliver, { number: 1n, payload: "0x00" }],
  beginExitForNeed: [beginExitForNeed, { index: 0n, fee: 0n }],
  finishExit: [finishExit, { index: 0n, fee: 0n }],
  expelDonation: [expelDonation, { index: 0n, fee: 0n }],
  sweepVault: [sweepVault, { index: 0n }],
  payCommission: [payCommission, { index: 0n }],
  refreshRewardRecipient: [refreshRewardRecipient, { index: 0n }],
} as unknown as Readonly<
  Record<string, readonly [(deployment: Deployment, parameters: object) => Call, Readonly<Record<string, unknown>>]>
>;

/** Of each amount that has bounds of its own, the least and the greatest. */
const bounds: Readonly<Record<string, readonly [bigint, bigint]>> = {
  "deposit.assets": [MIN_DEPOSIT, MAX_ASSETS],
  "depositAndStake.assets": [MIN_DEPOSIT, MAX_ASSETS],
  "depositOnL1.assets": [MIN_DEPOSIT, MAX_COUNTER],
  "stake.assets": [1n, MAX_ASSETS],
  "withdrawStaked.assets": [1n, MAX_ASSETS],
  "redeemInstant.assets": [1n, MAX_ASSETS],
  "requestRedeem.assets": [MIN_TICKET, MAX_TICKET],
  "requestRedeemWithPermit.assets": [MIN_TICKET, MAX_TICKET],
  "claim.id": [0n, MAX_COUNTER],
};
const greatest = 2n ** 256n - 1n;
const anyFromOne: readonly string[] = ["shares", "deadline", "number"];

describe("builders", function () {
  const cases = Object.entries(builders).flatMap(([name, [build, parameters]]) =>
    Object.entries(parameters).map(([key, value]) => ({ name, build, parameters, key, value })),
  );

  for (const [name, [build, parameters]] of Object.entries(builders)) {
    it(`${name} is pure`, () => {
      expect(build(deployment, parameters)).to.deep.equal(build(deployment, parameters));
      expect(Object.keys(build(deployment, parameters)).sort()).to.deep.equal(["chainId", "data", "to", "value"]);
    });
  }

  for (const { name, build, parameters, key } of cases.filter(({ value }) => typeof value === "bigint")) {
    const [minimum, maximum] = bounds[`${name}.${key}`] ?? [anyFromOne.includes(key) ? 1n : 0n, greatest];

    it(`${name} takes ${key} up to both bounds`, () => {
      for (const amount of [minimum, maximum]) build(deployment, { ...parameters, [key]: amount });
    });

    for (const amount of [minimum - 1n, maximum + 1n, -1n, 5, "5", undefined]) {
      it(`${name} refuses ${key} ${String(amount)} (${typeof amount})`, async () => {
        const failure = await failureOf(() => build(deployment, { ...parameters, [key]: amount }));
        expect(failure).to.be.instanceOf(AmountError).and.to.include({ parameter: key, amount });
      });
    }
  }

  const isAddress = ({ value }: { readonly value: unknown }) => value === receiver || value === owner;
  for (const { name, build, parameters, key } of cases.filter(isAddress)) {
    const flipped = receiver.replace(/[a-fA-F]/g, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );
    for (const [reason, value] of [
      ["malformed", "0x12"],
      ["malformed", receiver.slice(2)],
      ["malformed", undefined],
      ["checksum", flipped],
    ] as const) {
      // Nobody is the referrer who is left out.
      if (key === "referrer" && value === undefined) continue;
      it(`${name} refuses ${key} ${String(value?.slice(0, 6))} as ${reason}`, async () => {
        const failure = await failureOf(() => build(deployment, { ...parameters, [key]: value }));
        expect(failure).to.be.instanceOf(AddressError).and.to.include({ parameter: key, value, reason });
      });
    }
  }

  for (const { name, build, parameters, key } of cases.filter((each) => isAddress(each) && each.key !== "referrer")) {
    it(`${name} refuses nobody as ${key}`, async () => {
      const value = `0x${"00".repeat(20)}`;
      const failure = await failureOf(() => build(deployment, { ...parameters, [key]: value }));
      expect(failure).to.be.instanceOf(AddressError).and.to.include({ parameter: key, reason: "zero" });
    });
  }

  for (const [name, run, parameter] of [
    ["requestRedeemBatch of nothing", () => requestRedeemBatch(deployment, { assets: [], owner }), "assets"],
    ["claimBatch of nothing", () => claimBatch(deployment, { ids: [] }), "ids"],
    ["claimTo of nothing", () => claimTo(deployment, { ids: [], receiver }), "ids"],
    ["deliver of an empty payload", () => deliver(deployment, { number: 1n, payload: "0x" }), "payload"],
    ["deliver of half a byte", () => deliver(deployment, { number: 1n, payload: "0x1" }), "payload"],
    ["permit with no hexadecimal", () => permit(deployment, { ...permitted, signature: "0xzz" }), "signature"],
    [
      "permitVrs of a contract wallet's",
      () => permitVrs(deployment, { ...permitted, signature: `${signature}00` }),
      "signature",
    ],
    [
      "approve of METIS to Metis",
      () => approve(deployment, { token: "metis", spender: "seMetis", amount: 1n }),
      "spender",
    ],
    [
      "approve of eMetis to Ethereum",
      () => approve(deployment, { token: "eMetis", spender: "lockManager", amount: 1n }),
      "spender",
    ],
  ] as const) {
    it(`refuse ${name}`, async () => {
      expect(await failureOf(run))
        .to.be.instanceOf(ParameterError)
        .and.to.include({ parameter });
    });
  }

  it("name the amount of a batch that is too small", async () => {
    const failure = await failureOf(() => requestRedeemBatch(deployment, { assets: [one, MIN_TICKET - 1n], owner }));
    expect(failure)
      .to.be.instanceOf(AmountError)
      .and.to.include({ parameter: "assets[1]", amount: MIN_TICKET - 1n });
  });

  it("name the ticket of a batch that cannot be", async () => {
    const failure = await failureOf(() => claimBatch(deployment, { ids: [0n, -1n] }));
    expect(failure).to.be.instanceOf(AmountError).and.to.include({ parameter: "ids[1]", amount: -1n });
  });
});
