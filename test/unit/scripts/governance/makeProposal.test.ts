import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { parseEther } from "ethers";

import { roles } from "../../../../scripts/config/roles";
import {
  type ProposalGround,
  type Request,
  describeProposal,
  makeProposal,
  writeProposal,
} from "../../../../scripts/lib/governance/makeProposal";
import { layoutAtCommit } from "../../../../scripts/lib/governance/deployedLayout";
import type { RecordedLayout } from "../../../../scripts/lib/layouts";
import { day } from "../../../../scripts/lib/localClock";
import { describeDeployment } from "../../../../scripts/lib/sdkDeployment";
import { type Layer } from "../../../../scripts/config/localChains";
import { type ProtocolWorld, emptyProtocol } from "../../../helpers/protocol";
import { deployNext } from "../../../helpers/upgrades";

const createdAt = 1_700_000_000_000;
const empty: RecordedLayout = { storage: [], namespaces: {}, types: {} };

describe("A proposal", () => {
  let world: ProtocolWorld;
  let folder: string;

  beforeEach(async () => {
    world = await emptyProtocol();
    folder = await mkdtemp(path.join(tmpdir(), "emetis-proposals-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  /** The chain itself plays its fork: it is restored for the next test. */
  const groundOf = async (layer: Layer, changes: Partial<ProposalGround> = {}): Promise<ProposalGround> => ({
    node: world[layer].provider,
    network: "local",
    layer,
    deployment: await describeDeployment(world.protocol, "local"),
    caller: world.people.governance.address,
    deployedLayout: () => Promise.resolve(empty),
    presentLayouts: () => Promise.resolve(new Map(layouts)),
    createdAt,
    ...changes,
  });
  const layouts: readonly [string, RecordedLayout][] = [
    "StakingPool",
    "RedemptionQueue",
    "L2Gateway",
    "LockManager",
    "VaultOperations",
    "L1Gateway",
    "SequencerVault",
  ].map((name) => [name, empty]);

  const make = async (layer: Layer, request: Request, changes: Partial<ProposalGround> = {}) =>
    makeProposal(await groundOf(layer, changes), request);
  const failureOf = async (layer: Layer, request: Request, changes: Partial<ProposalGround> = {}) => {
    const error: unknown = await make(layer, request, changes).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error);
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  };

  const newVault = (operator: string): Request => ({
    type: "call",
    contract: "LockManager",
    function: "addVault",
    arguments: JSON.stringify([
      {
        operator,
        commissionBps: 500,
        cap: String(parseEther("100000")),
        pubkeyX: `0x${"12".repeat(32)}`,
        pubkeyY: `0x${"34".repeat(32)}`,
      },
    ]),
  });
  const call = (contract: string, name: string, values: unknown): Request => ({
    type: "call",
    contract,
    function: name,
    arguments: JSON.stringify(values),
  });

  it("to add a vault is announced, and carried out 42 days later", async () => {
    const { governance, firstOperator } = world.people;
    const { lockManager } = world.protocol.l1;
    const before = await world.l1.now();
    const made = await make("l1", newVault(firstOperator.address));
    expect(made.proposal).to.include({ type: "scheduled", delay: 42 * day, expiration: 7 * day });
    expect(made.simulation.window!.readyAt - before).to.be.within(42 * day, 42 * day + 60);
    expect(made.simulation.events.map(({ contract, event }) => `${contract} ${event.split("(")[0]!}`)).to.deep.equal([
      "AccessManager OperationExecuted",
      "LockManager VaultAdded",
      "LockManager VaultConfigured",
    ]);
    const [schedule, execute] = made.files.map(({ batch }) => batch.transactions[0]!);
    const manager = await world.l1.attach("AccessManager", schedule!.to, governance.l1);
    const wanted = lockManager.interface.parseTransaction({ data: made.proposal.wanted.data })!;
    expect(wanted.name).to.equal("addVault");
    const parts = [await lockManager.getAddress(), made.proposal.wanted.data] as const;
    expect(schedule!.data).to.equal(manager.interface.encodeFunctionData("schedule", [...parts, 0]));
    expect(execute!.data).to.equal(manager.interface.encodeFunctionData("execute", [...parts]));
  });

  it("is one file for each step, for the Safe and the chain that it is of", async () => {
    const made = await make("l1", newVault(world.people.firstOperator.address));
    await writeProposal(folder, made);
    expect((await readdir(folder)).map((name) => name.replace(/-[0-9a-f]{8}\./, "-ID."))).to.deep.equal([
      "local-l1-LockManager.addVault-ID.execute.json",
      "local-l1-LockManager.addVault-ID.schedule.json",
    ]);
    const [file] = made.files;
    const text = await readFile(path.join(folder, file!.name), "utf8");
    expect(JSON.parse(text)).to.deep.equal(file!.batch);
    expect(file!.batch).to.include({ version: "1.0", chainId: "31337", createdAt });
    expect(file!.batch.meta.createdFromSafeAddress).to.equal(world.people.governance.address);
  });

  it("that only tightens waits for 3 days", async () => {
    const made = await make("l1", call("LockManager", "tightenVault", [0, 400, "5"]));
    expect(made.proposal).to.include({ type: "scheduled", delay: 3 * day });
    expect(made.act).to.equal("LockManager.tightenVault(index: 0, commissionBps: 400, cap: 5)");
  });

  it("of what has no delay is one direct call, by who may", async () => {
    const guardian = { caller: world.people.guardian.address };
    const made = await make("l2", call("StakingPool", "pause", []), guardian);
    expect(made.proposal).to.deep.include({
      type: "direct",
      call: { to: world.protocol.deployment.l2.stakingPool, value: 0n, data: "0x8456cb59" },
    });
    expect(made.files.map(({ name }) => name.slice(0, 26))).to.deep.equal(["local-l2-StakingPool.pause"]);
    expect(made.simulation.events[0]!.event).to.match(/^PausedUntilSet\(/);
    expect(await world.protocol.l2.stakingPool.pausedUntil()).to.be.greaterThan(0n);
  });

  it("to grant a role waits as long as the role's administrator has to", async () => {
    const { stranger } = world.people;
    const made = await make("l2", call("AccessManager", "grantRole", [Number(roles.keeper.id), stranger.address, 0]));
    expect(made.proposal).to.include({ type: "scheduled", delay: 42 * day });
    const manager = await world.l2.attach("AccessManager", world.protocol.deployment.l2.accessManager);
    expect((await manager.hasRole(roles.keeper.id, stranger.address)).isMember).to.equal(true);
    expect(made.simulation.events.map(({ event }) => event.split("(")[0])).to.deep.equal([
      "OperationExecuted",
      "RoleGranted",
    ]);
  });

  it("to take a role away works as well", async () => {
    const { keeper } = world.people;
    await make("l1", call("AccessManager", "revokeRole", [Number(roles.keeper.id), keeper.address]));
    const manager = await world.l1.attach("AccessManager", world.protocol.deployment.l1.accessManager);
    expect((await manager.hasRole(roles.keeper.id, keeper.address)).isMember).to.equal(false);
  });

  it("says what it does, from when on, and what its name is", async () => {
    const made = await make("l1", call("LockManager", "tightenVault", [0, 400, "5"]));
    const lines = describeProposal(made);
    expect(lines[0]).to.equal("LockManager.tightenVault(index: 0, commissionBps: 400, cap: 5)");
    expect(lines[2]).to.match(/^operation 0x[0-9a-f]{64}$/);
    expect(lines[3]).to.match(
      /^delay 259200 s: announced now, it can be carried out from \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC until before \d{4}-/,
    );
    expect(lines.at(-1)).to.match(/^ {2}LockManager VaultConfigured\(index: 0, config: \{ operator: 0x/);
  });

  describe("is refused", () => {
    it("when its simulation reverts, with the contract's own error", async () => {
      const failure = await failureOf("l1", newVault("0x0000000000000000000000000000000000000000"));
      expect(failure).to.equal(
        'SimulationError: the simulation stopped at "execute": LockManager__ZeroAddress(); nothing was written',
      );
    });

    it("when the same was announced before", async () => {
      const request = call("LockManager", "tightenVault", [0, 400, "5"]);
      const snapshot = await world.l1.snapshot();
      const { proposal } = await make("l1", request);
      await snapshot.restore();
      const scheduled = proposal as Extract<typeof proposal, { type: "scheduled" }>;
      await world.people.governance.l1.sendTransaction(scheduled.schedule);
      expect(await failureOf("l1", request)).to.equal(
        `SimulationError: the simulation stopped at "schedule": AccessManagerAlreadyScheduled(${scheduled.operation}); nothing was written`,
      );
    });

    it("when the account may not do it, with the role that may", async () => {
      const { keeper } = world.people;
      const failure = await failureOf("l1", call("LockManager", "pause", []), { caller: keeper.address });
      expect(failure).to.equal(
        `ForbiddenError: ${keeper.address} may not call LockManager.pause: it needs role 3; npm run roles says whose`,
      );
    });

    it("when a grant is not the caller's to make", async () => {
      const { guardian, stranger } = world.people;
      const request = call("AccessManager", "grantRole", [3, stranger.address, 0]);
      expect(await failureOf("l1", request, { caller: guardian.address })).to.match(
        /^ForbiddenError: .* may not call AccessManager\.grantRole: it needs role 0;/,
      );
    });

    it("when anyone may do it", async () => {
      expect(await failureOf("l1", call("LockManager", "sync", []))).to.equal(
        "NotRestrictedError: LockManager.sync is open to anyone: just call it",
      );
    });

    it("when the contract is another chain's", async () => {
      expect(await failureOf("l1", call("StakingPool", "pause", []))).to.equal(
        'UnknownContractError: "StakingPool" is no contract that governance rules here: say one of LockManager, L1Gateway, VaultBeacon, AccessManager',
      );
    });
  });

  describe("of an upgrade", () => {
    const upgrade = (
      contract: "LockManager" | "L1Gateway" | "L2Gateway" | "SequencerVault",
      implementation: string,
    ): Request => ({
      type: "upgrade",
      contract,
      implementation,
    });

    for (const contract of ["LockManager", "L1Gateway"] as const) {
      it(`of ${contract} to the present build is announced`, async () => {
        const implementation = await deployNext(world, contract);
        const made = await make("l1", upgrade(contract, implementation));
        expect(made.proposal).to.include({ type: "scheduled", delay: 42 * day });
        expect(made.simulation.events.map(({ event }) => event)).to.include(
          `Upgraded(implementation: ${implementation})`,
        );
      });
    }

    it("of the vaults goes by the beacon", async () => {
      const { metis, deployment } = world.protocol;
      const vault = await world.l1.deploy("SequencerVault", [
        metis.metis,
        metis.lockingPool,
        deployment.l1.lockManager,
      ]);
      const made = await make("l1", upgrade("SequencerVault", await vault.getAddress()));
      expect(made.proposal.wanted.target.address).to.equal(deployment.l1.vaultBeacon);
      const beacon = await world.l1.attach("UpgradeableBeacon", deployment.l1.vaultBeacon);
      expect(await beacon.implementation()).to.equal(await vault.getAddress());
    });

    it("is refused where there is no code", async () => {
      const { stranger } = world.people;
      expect(await failureOf("l1", upgrade("L1Gateway", stranger.address))).to.equal(
        `UpgradeError: there is no code at ${stranger.address}: deploy L1Gateway there first`,
      );
    });

    it("is refused when the code is another contract's", async () => {
      const implementation = await deployNext(world, "L2Gateway");
      expect(await failureOf("l2", upgrade("L2Gateway", implementation))).to.match(
        new RegExp(
          `^UpgradeError: the code at ${implementation} is not the present build of L2Gateway .* from byte \\d+ on`,
        ),
      );
    });

    it("is refused when an immutable is another address", async () => {
      const { metis, deployment } = world.protocol;
      const other = await world.l1.deploy("L1Gateway", [
        world.people.stranger.address,
        ...([metis.metis, metis.bridge, deployment.l2ChainId] as const),
      ]);
      const failure = await failureOf("l1", upgrade("L1Gateway", await other.getAddress()));
      expect(failure).to.match(/^UpgradeError: the code at .* is not the present build of L1Gateway/);
      expect(failure.toLowerCase()).to.include(world.people.stranger.address.slice(2).toLowerCase());
    });

    it("is refused when LockManager's second half is not the present build", async () => {
      const implementation = await deployNext(world, "LockManager");
      const manager = await world.l1.attach("LockManager", implementation);
      const half = await manager.OPERATIONS();
      const code = await world.l1.provider.getCode(half);
      await world.l1.setCode(half, `${code.slice(0, -2)}ff`);
      expect(await failureOf("l1", upgrade("LockManager", implementation))).to.match(
        new RegExp(`^UpgradeError: the code at ${half} is not the present build of VaultOperations`),
      );
    });

    it("is refused when the new code would misread what is stored", async () => {
      const implementation = await deployNext(world, "L1Gateway");
      const field = { contract: "L1Gateway", label: "gone", type: "t_uint256", src: "", offset: 0, slot: "0" };
      const deployed: RecordedLayout = {
        storage: [],
        namespaces: { "erc7201:test": [field] },
        types: { t_uint256: { label: "uint256", numberOfBytes: "32" } },
      };
      const failure = await failureOf("l1", upgrade("L1Gateway", implementation), {
        deployedLayout: () => Promise.resolve(deployed),
      });
      expect(failure).to.equal(
        "UpgradeError: L1Gateway: the namespace erc7201:test is gone: what is stored there would be lost",
      );
    });

    it("is refused when git does not know what is deployed", async () => {
      const error: unknown = await layoutAtCommit("0".repeat(40), "L1Gateway").catch((reason: unknown) => reason);
      expect(error)
        .to.be.instanceOf(Error)
        .with.property(
          "message",
          `commit ${"0".repeat(40)}, which is deployed, has no deployments/layouts/L1Gateway.json here: fetch it with git`,
        );
    });
  });

  describe("to call off", () => {
    it("what was announced is one call, and nothing is announced afterwards", async () => {
      const snapshot = await world.l1.snapshot();
      const made = await make("l1", call("LockManager", "tightenVault", [0, 400, "5"]));
      await snapshot.restore();
      const scheduled = made.proposal as Extract<typeof made.proposal, { type: "scheduled" }>;
      await world.people.governance.l1.sendTransaction(scheduled.schedule);
      const cancelled = await make("l1", { type: "cancel", operation: scheduled.operation });
      expect(cancelled.act).to.equal("calls off LockManager.tightenVault(index: 0, commissionBps: 400, cap: 5)");
      expect(cancelled.proposal).to.deep.include({ type: "direct", call: scheduled.cancel });
      const manager = await world.l1.attach("AccessManager", scheduled.cancel.to);
      expect(await manager.getSchedule(scheduled.operation)).to.equal(0n);
    });

    it("what was not announced is refused", async () => {
      const operation = `0x${"12".repeat(32)}`;
      expect(await failureOf("l1", { type: "cancel", operation })).to.equal(
        `UnknownOperationError: no operation ${operation} waits: none does`,
      );
    });
  });
});
