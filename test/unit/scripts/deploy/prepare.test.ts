import { readdir } from "node:fs/promises";

import { expect } from "chai";
import { parseEther } from "ethers";

import { pricePlan } from "../../../../scripts/lib/deploy/costs";
import {
  FinishedPlanError,
  OtherPlanError,
  PendingTransactionError,
  PlanChangedError,
  RefusedError,
  StrangeCodeError,
} from "../../../../scripts/lib/deploy/errors";
import { encode } from "../../../../scripts/lib/deploy/layout";
import { readPlanFile, writePlanFile } from "../../../../scripts/lib/deploy/planFile";
import type { DeployContext } from "../../../../scripts/lib/deploy/prepare";
import { checkDeployment } from "../../../../scripts/lib/deploy/refuse";
import type { CallStep, CreateStep } from "../../../../scripts/lib/deploy/steps";
import { planLines } from "../../../../scripts/lib/deploy/table";
import type { Setup } from "../../../../scripts/lib/setup";
import { type DeployWorld, deployWorld, nobody } from "../../../helpers/deployWorld";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";

describe("The plan of a deployment", () => {
  let world: DeployWorld;

  before(async () => {
    world = await deployWorld();
  });

  beforeEach(async () => {
    await world.reset();
  });

  it("sends nothing and writes nothing", async () => {
    const heads = async () => Promise.all([world.l1.provider.getBlockNumber(), world.l2.provider.getBlockNumber()]);
    const before = await heads();
    const prepared = await world.prepare();
    planLines(prepared, await pricePlan(prepared));
    expect(await heads()).to.deep.equal(before);
    expect(await readdir(world.folder())).to.deep.equal([]);
  });

  it("fits into 120 columns, with every address, the vaults and what is missing in coin", async () => {
    await world.l1.setBalance(world.account.address, parseEther("0.01"));
    const prepared = await world.prepare();
    const lines = planLines(prepared, await pricePlan(prepared));
    const text = lines.join("\n");
    for (const step of prepared.layout.steps) if (step.type === "create") expect(text).to.include(step.address);
    for (const vault of prepared.layout.vaults) expect(text).to.include(vault);
    expect(text).to.include("NOT ENOUGH");
    // Warnings are sentences of their own.
    const table = lines.filter(
      (line) => !line.startsWith("WARNING") && !line.startsWith("L1:") && !line.startsWith("L2:"),
    );
    expect(Math.max(...table.map(({ length }) => length))).to.be.at.most(120);
  });

  it("counts for each step what it used in the rehearsal, within 5 %", async () => {
    const prepared = await world.prepare();
    const { steps } = await pricePlan(prepared);
    for (const planned of steps) {
      if (planned.type !== "open") continue;
      const used = prepared.rehearsal.gas.get(planned.step.name)!;
      expect(Number(planned.gas) / Number(used), planned.step.name).to.be.closeTo(1, 0.05);
    }
  });

  it("shows the fee of the bridge's message", async () => {
    const prepared = await world.prepare();
    const { steps, bills } = await pricePlan(prepared);
    const sending = steps.find(({ step }) => step.name === "smoke message sent")!;
    const fee = 400_000n * 1_000_003n;
    expect(sending.type === "open" ? sending.cost - sending.gas * bills.l1.gasPrice : 0n).to.equal(fee);
  });

  const withSetup = (change: Partial<Setup>): DeployContext => {
    const context = world.context();
    return { ...context, setup: { ...context.setup, ...change } };
  };

  const toItself = () => {
    const { account, l2 } = world;
    const gas = { gasPrice: 10n ** 10n, gasLimit: 21_000n };
    return { type: 0, chainId: l2.chainId, nonce: 0, to: account.address, ...gas };
  };

  it("goes on as it began, whatever the nonces are by then", async () => {
    const first = await world.prepare();
    await writePlanFile(world.folder(), first.plan);
    await world.l2.provider.broadcastTransaction(await world.account.signTransaction(toItself()));
    const again = await world.prepare();
    expect(again.isBegun).to.equal(true);
    expect(again.layout.deployment).to.deep.equal(first.layout.deployment);
    expect(await readPlanFile(world.folder())).to.deep.equal(first.plan);
  });

  it("is refused when what it sends has changed since it began, naming the steps", async () => {
    await writePlanFile(world.folder(), (await world.prepare()).plan);
    const error = await rejectionOf(world.prepare(withSetup({ treasury: nobody("another treasury") })));
    expect(error).to.be.instanceOf(PlanChangedError).with.property("steps").that.deep.equals(["StakingPool"]);
  });

  it("is refused to another deployer than it began with", async () => {
    await writePlanFile(world.folder(), (await world.prepare()).plan);
    const deployer = nobody("another deployer");
    const error = await rejectionOf(world.prepare({ ...world.context(), deployer }));
    expect(error).to.be.instanceOf(OtherPlanError).with.property("given", deployer);
  });

  it("is refused while the deployer has a transaction under way", async () => {
    const { account, l2 } = world;
    await l2.provider.send("evm_setAutomine", [false]);
    try {
      await l2.provider.broadcastTransaction(await account.signTransaction(toItself()));
      expect(await rejectionOf(world.prepare())).to.be.instanceOf(PendingTransactionError);
    } finally {
      await l2.mine();
      await l2.provider.send("evm_setAutomine", [true]);
    }
  });

  it("names a stranger's code at one of its addresses", async () => {
    const prepared = await world.prepare();
    await world.l2.setCode(prepared.layout.deployment.l2.seMetis, "0x00");
    const error = await rejectionOf(pricePlan(prepared));
    expect(error).to.be.instanceOf(StrangeCodeError).with.property("step", "SEMetis");
  });

  it("makes no room for a new one once power is handed over", async () => {
    const prepared = await world.prepare();
    await writePlanFile(world.folder(), prepared.plan);
    const { accessManager } = prepared.layout.deployment.l1;
    // As after the deployer renounced: the AccessManager is there and the deployer has no role.
    await world.l1.setCode(accessManager, prepared.rehearsal.code.get("L1AccessManager")!);
    const error = await rejectionOf(world.prepare(world.context(), { isRestart: true }));
    expect(error).to.be.instanceOf(FinishedPlanError);
  });

  const refusals: readonly (readonly [claim: string, change: () => Partial<DeployContext>, message: string])[] = [
    ["the deployer among the holders", () => withSetup({ keeper: world.account.address }), "keeper is the deployer"],
    [
      "the deployer among the operators",
      () => withSetup({ sequencers: [{ ...world.setup.sequencers[0]!, operator: world.account.address }] }),
      "sequencers.0.operator is the deployer",
    ],
    [
      "more sequencers than LockManager takes",
      () => withSetup({ sequencers: Array.from({ length: 21 }, () => world.setup.sequencers[0]!) }),
      "setup.json has 21 sequencers, 20 at most",
    ],
    [
      "a contract of external.json without code",
      () => ({ external: { ...world.context().external, lockingPool: nobody("no pool") } }),
      `LockingPool ${nobody("no pool")} has no code on Sepolia`,
    ],
    [
      "a node of another chain",
      () => ({
        chains: { ...world.context().chains, l1: { ...world.context().chains.l1, provider: world.l2.provider } },
      }),
      "Sepolia has chain id 11155111, the node says 59902",
    ],
  ];
  for (const [claim, change, message] of refusals) {
    it(`is refused with ${claim}`, async () => {
      const error = await rejectionOf(world.prepare({ ...world.context(), ...change() }));
      expect(error).to.be.instanceOf(RefusedError);
      expect(String(error)).to.include(message);
    });
  }

  it("is refused with a sequencer's key that LockingPool has seen", async () => {
    const { lockingPool } = world.context().external;
    const seen = await world.l1.attach("LocalLockingPool", lockingPool);
    const signer = world.strangers[0]!;
    expect(await seen.seqSigners(signer.signer)).not.to.equal(0n);
    const [first] = world.setup.sequencers;
    const error = await rejectionOf(world.prepare(withSetup({ sequencers: [{ ...first!, pubkey: signer.pubkey }] })));
    expect(String(error)).to.include(`sequencers.0: its signer ${signer.signer} was used in LockingPool before`);
  });

  it("warns on a testnet of governance that is no contract", async () => {
    const { warnings } = await world.prepare();
    expect(warnings).to.deep.equal([
      `governance.l1 ${world.setup.governance.l1} has no code on Sepolia: it must be a Safe`,
      `governance.l2 ${world.setup.governance.l2} has no code on Metis Sepolia: it must be a Safe`,
    ]);
  });

  const refusedWith = async (step: CreateStep | CallStep): Promise<string> => {
    const context = world.context();
    const { layout } = await world.prepare();
    const other = await encode({ ...layout, steps: [...layout.steps, step] });
    return String(await rejectionOf(checkDeployment({ ...context, layout: other })));
  };

  it("is refused with anything of contracts/local on a public chain", async () => {
    const address = nobody("a place");
    const parameters = [address];
    const step: CreateStep = {
      type: "create",
      layer: "l1",
      name: "METIS",
      contract: "LocalMetis",
      address,
      parameters,
    };
    expect(await refusedWith(step)).to.include(
      "METIS is LocalMetis of contracts/local/l1/LocalMetis.sol: it never goes to the public chain 11155111",
    );
  });

  it("is refused with a transaction that is too large for Metis", async () => {
    const isDone = async () => Promise.resolve(false);
    const data = `0x${"00".repeat(65_100)}`;
    const step: CallStep = { type: "call", layer: "l2", name: "a long call", to: nobody("a place"), data, isDone };
    expect(await refusedWith(step)).to.include("a long call has 65100 bytes of data");
  });
});
