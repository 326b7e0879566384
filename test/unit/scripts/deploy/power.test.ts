import { expect } from "chai";
import { Wallet, id } from "ethers";

import { roles } from "../../../../scripts/config/roles";
import { PowerError } from "../../../../scripts/lib/deploy/errors";
import { findPower, proveNoPower } from "../../../../scripts/lib/deploy/power";
import type { Prepared } from "../../../../scripts/lib/deploy/prepare";
import { powerOf } from "../../../../scripts/lib/deploy/run";
import { type SentStep, sendSteps } from "../../../../scripts/lib/deploy/steps";
import { type ContractOf } from "../../../helpers/chains";
import { type DeployWorld, deployWorld, nobody } from "../../../helpers/deployWorld";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";

const everybody = 2n ** 64n - 1n;

describe("The proof that no deployer keeps power", () => {
  let world: DeployWorld;
  let prepared: Prepared;
  let manager: ContractOf<"AccessManager">;
  let restore: () => Promise<void>;

  const handsOver = ({ name }: SentStep) => name.endsWith("to its holder") || name.endsWith("renounced");
  const stepsOn = (filter: (step: SentStep) => boolean) =>
    prepared.layout.steps.flatMap((step) =>
      step.type !== "wait" && step.layer === "l1" && filter(step) ? [step] : [],
    );
  const signer = () => new Wallet(id("deployer of the tests"), world.l1.provider);
  const handOver = async (filter: (step: SentStep) => boolean = () => true) => {
    await sendSteps(
      signer(),
      stepsOn((step) => handsOver(step) && filter(step)),
    );
  };
  const messages = async () => (await findPower(powerOf(prepared, "l1"))).map(({ message }) => message);

  before(async () => {
    world = await deployWorld();
    await world.reset();
    prepared = await world.prepare();
    await sendSteps(
      signer(),
      stepsOn((step) => !handsOver(step)),
    );
    restore = await world.keep();
    const { accessManager } = prepared.layout.deployment.l1;
    manager = (await world.l1.attach("AccessManager", accessManager)).connect(signer());
  });

  beforeEach(async () => {
    await restore();
  });

  it("finds nothing once all was handed over", async () => {
    await handOver();
    expect(await messages()).to.deep.equal([]);
  });

  it("finds the deployer that has not renounced", async () => {
    await handOver(({ name }) => !name.endsWith("renounced"));
    const error = await rejectionOf(proveNoPower(powerOf(prepared, "l1")));
    expect(error).to.be.instanceOf(PowerError);
    expect(String(error)).to.include(`the deployer, ${world.account.address}, holds role governance`);
  });

  it("finds the deployer in a role that is in no table", async () => {
    await manager.grantRole(77n, world.account.address, 0n);
    await handOver();
    expect(await messages()).to.deep.equal([`the deployer, ${world.account.address}, holds role 77`]);
  });

  it("finds a stranger with a role", async () => {
    await manager.grantRole(roles.keeper.id, nobody("stranger"), 0n);
    await handOver();
    expect(await messages()).to.deep.equal([`somebody beyond the setup, ${nobody("stranger")}, holds role keeper`]);
  });

  it("finds the deployer whose grant still waits", async () => {
    await manager.setGrantDelay(77n, 86_400n);
    await world.l1.increase(5 * 86_400);
    await manager.grantRole(77n, world.account.address, 0n);
    const { since } = await manager.getAccess(77n, world.account.address);
    await handOver();
    expect(await messages()).to.deep.equal([
      `the deployer, ${world.account.address}, will, from second ${since} on, hold role 77`,
    ]);
  });

  it("finds a role that everybody grants or calls off", async () => {
    await manager.setRoleAdmin(roles.tightener.id, everybody);
    await manager.setRoleGuardian(roles.keeper.id, everybody);
    await handOver();
    expect(await messages()).to.deep.equal([
      "role tightener is granted by role everybody",
      "role keeper is called off by role everybody",
    ]);
  });

  it("finds a holder without its role", async () => {
    await handOver(({ name }) => !name.includes("guardian"));
    expect(await messages()).to.deep.equal([`guardian ${world.setup.guardian.l1} does not hold role guardian`]);
  });

  it("finds a holder whose delay is not the table's", async () => {
    const { l1 } = world.setup.governance;
    await manager.grantRole(roles.tightener.id, l1, 60n);
    await handOver(({ name }) => !name.includes("tightener"));
    expect(await messages()).to.deep.equal([
      `governance ${l1} holds role tightener with a delay of 60 s, not 259200 s`,
    ]);
  });

  it("finds a function that everybody may call", async () => {
    const { lockManager } = prepared.layout.deployment.l1;
    const { selector } = (await world.l1.attach("LockManager", lockManager)).getFunction("beginExit").fragment;
    await manager.setTargetFunctionRole(lockManager, [selector], everybody);
    await handOver();
    expect(await messages()).to.deep.equal([`function ${selector} of ${lockManager} is open to role everybody`]);
  });

  it("finds a contract that obeys another authority", async () => {
    const { l1Gateway, accessManager } = prepared.layout.deployment.l1;
    const other = await world.l1.deploy("AccessManager", [world.account.address]);
    await manager.updateAuthority(l1Gateway, other);
    await handOver();
    expect(await messages()).to.deep.equal([
      `${l1Gateway} obeys ${await other.getAddress()}, not the AccessManager ${accessManager}`,
    ]);
  });
});
