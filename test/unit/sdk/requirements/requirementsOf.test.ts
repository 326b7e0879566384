import { expect } from "chai";
import { parseEther } from "ethers";

import { approve } from "../../../../sdk/src/actions/approve";
import { claim } from "../../../../sdk/src/actions/claim";
import { claimTo } from "../../../../sdk/src/actions/claimTo";
import { deposit } from "../../../../sdk/src/actions/deposit";
import { depositAndStake } from "../../../../sdk/src/actions/depositAndStake";
import { depositOnL1 } from "../../../../sdk/src/actions/depositOnL1";
import { mintShares } from "../../../../sdk/src/actions/mintShares";
import { permit } from "../../../../sdk/src/actions/permit";
import { permitTypedData } from "../../../../sdk/src/actions/permitTypedData";
import { readBridgeFees } from "../../../../sdk/src/actions/readBridgeFees";
import { rebalance } from "../../../../sdk/src/actions/rebalance";
import { redeemInstant } from "../../../../sdk/src/actions/redeemInstant";
import { report } from "../../../../sdk/src/actions/report";
import { requestRedeem } from "../../../../sdk/src/actions/requestRedeem";
import { requestRedeemBatch } from "../../../../sdk/src/actions/requestRedeemBatch";
import { requestRedeemStaked } from "../../../../sdk/src/actions/requestRedeemStaked";
import { requestRedeemStakedWithPermit } from "../../../../sdk/src/actions/requestRedeemStakedWithPermit";
import { requestRedeemWithPermit } from "../../../../sdk/src/actions/requestRedeemWithPermit";
import { resend } from "../../../../sdk/src/actions/resend";
import { signalNeed } from "../../../../sdk/src/actions/signalNeed";
import { signPermit } from "../../../../sdk/src/actions/signPermit";
import { stake } from "../../../../sdk/src/actions/stake";
import { unstake } from "../../../../sdk/src/actions/unstake";
import { withdrawStaked } from "../../../../sdk/src/actions/withdrawStaked";
import type { Context } from "../../../../sdk/src/context";
import type { Deployment } from "../../../../sdk/src/deployments";
import { AddressError, ParameterError } from "../../../../sdk/src/errors";
import { type Requirement, requirementsOf } from "../../../../sdk/src/requirements/requirementsOf";
import type { Address, Call, Hex } from "../../../../sdk/src/types";
import { type Person, type ProtocolWorld, livingProtocol } from "../../../helpers/protocol";
import { failureOf, sendCall } from "../../../helpers/sdk/calls";
import { sdkContext } from "../../../helpers/sdk/context";
import { addressOf } from "../../../helpers/sdk/previews";

const amount = parseEther("7.000000000000000003");
const signature: Hex = "0x";

/** A call, and what of whose tokens it takes for whom. */
interface Case {
  readonly call: (deployment: Deployment, caller: Address) => Call;
  readonly token: "eMetis" | "seMetis" | "metis";
  readonly spender?: "seMetis" | "redemptionQueue" | "lockManager";
}

const cases: Readonly<Record<string, Case>> = {
  stake: {
    call: (deployment, receiver) => stake(deployment, { assets: amount, receiver }),
    ...({ token: "eMetis", spender: "seMetis" } as const),
  },
  requestRedeem: {
    call: (deployment, owner) => requestRedeem(deployment, { assets: amount, owner }),
    ...({ token: "eMetis", spender: "redemptionQueue" } as const),
  },
  requestRedeemBatch: {
    call: (deployment, owner) => requestRedeemBatch(deployment, { assets: [amount - 10n ** 17n, 10n ** 17n], owner }),
    ...({ token: "eMetis", spender: "redemptionQueue" } as const),
  },
  requestRedeemStaked: {
    call: (deployment, owner) => requestRedeemStaked(deployment, { shares: amount, owner }),
    ...({ token: "seMetis", spender: "redemptionQueue" } as const),
  },
  requestRedeemWithPermit: {
    call: (deployment, owner) =>
      requestRedeemWithPermit(deployment, { assets: amount, owner, deadline: 1n, signature }),
    token: "eMetis",
  },
  requestRedeemStakedWithPermit: {
    call: (deployment, owner) =>
      requestRedeemStakedWithPermit(deployment, { shares: amount, owner, deadline: 1n, signature }),
    token: "seMetis",
  },
  redeemInstant: {
    call: (deployment, receiver) => redeemInstant(deployment, { assets: amount, minOut: 0n, receiver }),
    token: "eMetis",
  },
  unstake: {
    call: (deployment, owner) => unstake(deployment, { shares: amount, receiver: owner, owner }),
    token: "seMetis",
  },
  depositOnL1: {
    call: (deployment, receiver) =>
      depositOnL1(deployment, { assets: amount, receiver, isStaked: true, fee: 10n ** 17n }),
    ...({ token: "metis", spender: "lockManager" } as const),
  },
};

describe("requirementsOf", function () {
  let world: ProtocolWorld;
  let context: Context;
  let deployment: Deployment;
  let poor: Person;
  let from: Address;

  beforeEach(async () => {
    world = await livingProtocol();
    context = sdkContext(world);
    ({ deployment } = context);
    poor = world.people.carol;
    from = addressOf(poor);
  });

  const contractOf = (name: "seMetis" | "redemptionQueue" | "lockManager"): Address =>
    ({ ...deployment.l2, ...deployment.l1 })[name];
  const of = (call: Call, sender = from) => requirementsOf(context, { call, from: sender });

  /** Gives the poor one `wei` of a token. */
  async function give(token: Case["token"], wei: bigint) {
    const { alice, bob } = world.people;
    const { eMetis, seMetis } = world.protocol.l2;
    if (token === "metis") await world.protocol.l1.metis.mint(from, wei);
    if (token === "eMetis") await eMetis.connect(bob.l2).transfer(from, wei);
    if (token === "seMetis") await seMetis.connect(alice.l2).transfer(from, wei);
  }

  const without = (requirements: readonly Requirement[]) =>
    requirements.map((requirement) =>
      Object.fromEntries(Object.entries(requirement).filter(([key]) => !["call", "permit"].includes(key))),
    );

  for (const [name, { call, token, spender }] of Object.entries(cases)) {
    it(`says what is missing for ${name}, to the wei, and then that nothing is`, async () => {
      await give(token, amount - 1n);
      const built = call(deployment, from);
      const found = await of(built);
      const balance = { type: "balance", token, owner: from, needed: amount, available: amount - 1n };
      const named = spender === undefined ? [] : [contractOf(spender)];
      const allowances = named.map((address) => ({
        ...{ type: "allowance", token, owner: from, spender: address, needed: amount, available: 0n },
      }));
      expect(without(found)).to.deep.equal([balance, ...allowances]);

      await give(token, 1n);
      const signer = token === "metis" ? poor.l1 : poor.l2;
      for (const requirement of found) if (requirement.type === "allowance") await sendCall(signer, requirement.call);
      expect(await of(built)).to.deep.equal([]);
    });
  }

  for (const name of ["stake", "requestRedeem", "requestRedeemStaked"] as const) {
    it(`offers a permit that does for ${name} what the approval does`, async () => {
      const { call, token } = cases[name]!;
      await give(token, amount);
      const [requirement] = await of(call(deployment, from));
      const offered = requirement?.type === "allowance" ? requirement.permit : undefined;
      const permitted = { ...offered!, deadline: BigInt(await world.l2.now()) + 600n };
      const signed = await signPermit(poor.l2, await permitTypedData(context, permitted));
      await sendCall(world.people.stranger.l2, permit(deployment, { ...permitted, signature: signed }));
      await sendCall(poor.l2, call(deployment, from));
      expect(await world.protocol.l2[token === "metis" ? "eMetis" : token].balanceOf(from)).to.equal(0n);
    });
  }

  it("offers no permit for METIS on Ethereum, which has none", async () => {
    const requirements = await of(cases.depositOnL1!.call(deployment, from));
    expect(requirements.map(({ type }) => type)).to.deep.equal(["balance", "allowance"]);
    for (const requirement of requirements) expect(requirement).not.to.have.property("permit");
  });

  it("approves for mintShares the most that it can cost before another report", async () => {
    const { seMetis } = world.protocol.l2;
    const call = mintShares(deployment, { shares: amount, receiver: from });
    await give("eMetis", 2n * amount);
    const needed = await seMetis.previewMint(amount);
    const found = await of(call);
    expect(without(found)).to.deep.equal([
      { type: "allowance", token: "eMetis", owner: from, spender: contractOf("seMetis"), needed, available: 0n },
    ]);
    for (const requirement of found) if (requirement.type === "allowance") await sendCall(poor.l2, requirement.call);
    await world.l2.increase(30 * 86_400);
    await sendCall(poor.l2, call);
    expect(await world.protocol.l2.eMetis.allowance(from, contractOf("seMetis"))).to.equal(0n);
  });

  it("says for withdrawStaked how many shares the owner lacks, and what the caller may not take", async () => {
    const owner = addressOf(world.people.alice);
    const { seMetis } = world.protocol.l2;
    const available = await seMetis.balanceOf(owner);
    const assets = 2n * available;
    const needed = await seMetis.previewWithdraw(assets);
    const found = await of(withdrawStaked(deployment, { assets, receiver: from, owner }));
    expect(without(found)).to.deep.equal([
      { type: "balance", token: "seMetis", owner, needed, available },
      { type: "allowance", token: "seMetis", owner, spender: from, needed, available: 0n },
    ]);
  });

  it("says what of the chain's own coin is missing", async () => {
    const receiver = from;
    await world.l2.setBalance(from, amount - 1n);
    const expected = [{ type: "value", needed: amount, available: amount - 1n }];
    const both = [
      await of(deposit(deployment, { assets: amount, receiver })),
      await of(depositAndStake(deployment, { assets: amount, receiver, minShares: 0n })),
    ];
    expect(both).to.deep.equal([expected, expected]);
  });

  it("says when a fee is below what the bridge takes by now", async () => {
    const { l1Message, l2Withdrawal } = await readBridgeFees(context);
    const found = [
      await of(report(deployment, { fee: l1Message - 1n })),
      await of(resend(deployment, { number: 1n, fee: 0n })),
      await of(signalNeed(deployment, { fee: l2Withdrawal - 1n })),
      await of(report(deployment, { fee: l1Message })),
    ];
    expect(found).to.deep.equal([
      [{ type: "fee", needed: l1Message, available: l1Message - 1n }],
      [{ type: "fee", needed: l1Message, available: 0n }],
      [{ type: "fee", needed: l2Withdrawal, available: l2Withdrawal - 1n }],
      [],
    ]);
  });

  it("finds nothing missing for calls that need nothing", async () => {
    const calls = [
      claim(deployment, { id: 0n }),
      rebalance(deployment, { fee: 0n }),
      approve(deployment, { token: "eMetis", spender: "seMetis", amount }),
    ];
    expect(await Promise.all(calls.map((call) => of(call)))).to.deep.equal([[], [], []]);
  });

  it("names for claimTo the tickets of others, once, until their owners approve", async () => {
    const { bob } = world.people;
    const queue = world.protocol.l2.redemptionQueue;
    await world.protocol.l2.eMetis.connect(bob.l2).approve(queue, amount * 3n);
    const first = await queue.requestedUntil();
    const assets = [amount, amount];
    await sendCall(bob.l2, requestRedeemBatch(deployment, { assets, owner: addressOf(bob) }));
    await sendCall(bob.l2, requestRedeem(deployment, { assets: amount, owner: from }));
    const ids = [first, first + amount, first + 2n * amount, first, 12_345n];
    const call = claimTo(deployment, { ids, receiver: from });
    const found = await of(call);
    const owned = { type: "ticket", owner: bob.address, spender: from };
    expect(without(found)).to.deep.equal([
      { ...owned, id: first },
      { ...owned, id: first + amount },
    ]);
    for (const requirement of found) if (requirement.type === "ticket") await sendCall(bob.l2, requirement.call);
    expect(await of(call)).to.deep.equal([]);
    expect(await of(call, addressOf(bob))).to.have.length(1);
    await sendCall(poor.l2, call);
  });

  it("knows for claimTo an operator of all of the owner's tickets", async () => {
    const { bob } = world.people;
    const queue = world.protocol.l2.redemptionQueue;
    await world.protocol.l2.eMetis.connect(bob.l2).approve(queue, amount);
    const id = await queue.requestedUntil();
    await sendCall(bob.l2, requestRedeem(deployment, { assets: amount, owner: addressOf(bob) }));
    await queue.connect(bob.l2).setApprovalForAll(from, true);
    expect(await of(claimTo(deployment, { ids: [id], receiver: from }))).to.deep.equal([]);
  });

  it("takes one request on the call's chain and none on the other", async () => {
    const requests: string[] = [];
    const counting = (name: "l1" | "l2") => {
      const provider = context[name];
      const call = (request: Parameters<typeof provider.call>[0]) => (requests.push(name), provider.call(request));
      return Object.create(provider, { call: { value: call } }) as typeof provider;
    };
    const counted = { ...context, l1: counting("l1"), l2: counting("l2") };
    await requirementsOf(counted, { call: mintShares(deployment, { shares: amount, receiver: from }), from });
    await requirementsOf(counted, { call: cases.depositOnL1!.call(deployment, from), from });
    expect(requests).to.deep.equal(["l2", "l1"]);
  });

  it("refuses a call of another deployment, another chain or another function", async () => {
    const call = stake(deployment, { assets: amount, receiver: from });
    for (const wrong of [
      { to: from },
      { chainId: 5 },
      { chainId: deployment.l1.chainId },
      { data: "0x12345678" },
    ] as const) {
      const failure = await failureOf(() => of({ ...call, ...wrong }));
      expect(failure).to.be.instanceOf(ParameterError).and.to.include({ parameter: "call" });
    }
  });

  it("knows a contract without the checksum of its address", async () => {
    const call = cases.stake!.call(deployment, from);
    const lower = call.to.toLowerCase() as Address;
    expect(await of({ ...call, to: lower })).to.deep.equal(await of(call));
  });

  it("refuses a sender that is no address", async () => {
    const call = stake(deployment, { assets: amount, receiver: from });
    expect(await failureOf(() => of(call, "0x12"))).to.be.instanceOf(AddressError);
  });
});
