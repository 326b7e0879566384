import { expect } from "chai";
import { keccak256 } from "ethers";

import { setCode, setStorage } from "../../../../scripts/lib/localNode";
import type { Context } from "../../../../sdk/src/context";
import { type Deployment, parseDeployment } from "../../../../sdk/src/deployments";
import { recordCode } from "../../../../sdk/src/reserves/recordCode";
import { verifyDeployment } from "../../../../sdk/src/reserves/verifyDeployment";
import { type ProtocolWorld, emptyProtocol } from "../../../helpers/protocol";
import { sdkContext } from "../../../helpers/sdk/context";
import { counting, faulty } from "../../../helpers/sdk/faultyProvider";

const implementationSlot = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbcn;

describe("verifyDeployment", () => {
  let world: ProtocolWorld;
  let context: Context;

  beforeEach(async () => {
    world = await emptyProtocol();
    const plain = sdkContext(world);
    const { l1, l2 } = await recordCode(plain);
    context = { ...plain, deployment: withCode(plain.deployment, l1, l2) };
  });

  const withCode = (deployment: Deployment, l1: Deployment["l1"]["code"], l2: Deployment["l2"]["code"]): Deployment =>
    // Through JSON, as a deployment is stored.
    parseDeployment(
      JSON.parse(
        JSON.stringify({
          ...deployment,
          l1: { ...deployment.l1, code: l1 },
          l2: { ...deployment.l2, code: l2 },
        }),
      ),
    );
  const verify = async (changed: Context = context): Promise<unknown> =>
    verifyDeployment(changed).then(
      (value): unknown => value,
      (reason: unknown) => reason,
    );
  const names = {
    l1: ["l1.accessManager", "l1.vaultBeacon", "l1.lockManager", "l1.l1Gateway"],
    l2: ["l2.accessManager", "l2.eMetis", "l2.seMetis", "l2.stakingPool", "l2.redemptionQueue", "l2.l2Gateway"],
  };

  it("finds each contract as recorded, in 4 round trips on each chain", async () => {
    const [l1, l2] = [counting(), counting()];
    const counted = { ...context, l1: faulty(context.l1, l1.fault), l2: faulty(context.l2, l2.fault) };
    expect(await verify(counted)).to.deep.equal({ verified: [...names.l1, ...names.l2], unrecorded: [] });
    expect([l1.count("call"), l2.count("call")]).to.deep.equal([3, 3]);
  });

  it("says of which contracts nothing is recorded", async () => {
    expect(await verify(sdkContext(world))).to.deep.equal({ verified: [], unrecorded: [...names.l1, ...names.l2] });
  });

  it("records the code that is there, and behind proxies and the beacon what they delegate to", async () => {
    const { implementations, stakingPool, eMetis } = world.protocol.deployment.l2;
    const hashOf = async (address: string) => keccak256(await world.l2.provider.getCode(address));
    const { l1, l2 } = await recordCode(context);
    expect(l2.eMetis).to.deep.equal({ codeHash: await hashOf(eMetis) });
    expect(l2.stakingPool).to.deep.equal({
      codeHash: await hashOf(stakingPool),
      implementation: { address: implementations.stakingPool, codeHash: await hashOf(implementations.stakingPool) },
    });
    expect(l1.vaultBeacon?.implementation?.address).to.equal(
      world.protocol.deployment.l1.implementations.sequencerVault,
    );
  });

  it("notices other code at an address", async () => {
    const { eMetis } = context.deployment.l2;
    const code = await world.l2.provider.getCode(eMetis);
    await setCode(world.protocol.l2.node, eMetis, `${code}00`);
    expect(await verify()).to.include({ name: "BytecodeMismatchError", contract: "l2.eMetis", address: eMetis });
  });

  it("notices other code behind a proxy", async () => {
    const { stakingPool } = world.protocol.deployment.l2.implementations;
    const code = await world.l2.provider.getCode(stakingPool);
    await setCode(world.protocol.l2.node, stakingPool, `${code}00`);
    expect(await verify()).to.include({ name: "BytecodeMismatchError", contract: "l2.stakingPool.implementation" });
  });

  it("notices a proxy that was upgraded, even to the same code elsewhere", async () => {
    const { implementations, lockManager } = world.protocol.deployment.l1;
    const copy = world.people.carol.address;
    const { node } = world.protocol.l1;
    await setCode(node, copy, await node.getCode(implementations.lockManager));
    await setStorage(node, lockManager, implementationSlot, BigInt(copy));
    const expected = { expected: implementations.lockManager, actual: copy };
    expect(await verify()).to.include({ name: "WiringError", view: "l1.lockManager.implementation", ...expected });
  });

  it("notices a beacon that names another implementation", async () => {
    const { vaultBeacon, implementations } = world.protocol.deployment.l1;
    await setStorage(world.protocol.l1.node, vaultBeacon, 1n, BigInt(implementations.l1Gateway));
    expect(await verify()).to.include({ name: "WiringError", view: "l1.vaultBeacon.implementation" });
  });

  it("says that there is no contract", async () => {
    const { seMetis } = context.deployment.l2;
    await setCode(world.protocol.l2.node, seMetis, "0x");
    expect(await verify()).to.include({ name: "NoContractError", side: "l2", address: seMetis });
  });

  it("names swapped providers", async () => {
    expect(await verify({ ...context, l1: context.l2, l2: context.l1 })).to.include({
      name: "ChainMismatchError",
      isSwapped: true,
    });
  });

  it("notices each address that does not belong to the others", async () => {
    const { l1, l2 } = context.deployment;
    const strangers: readonly (readonly [string, Partial<Deployment["l1"]>, Partial<Deployment["l2"]>])[] = [
      ["LockManager.METIS", { metis: l1.bridge }, {}],
      ["LockManager.LOCKING_POOL", { lockingPool: l1.bridge }, {}],
      ["LockManager.VAULT_BEACON", { vaultBeacon: l1.bridge }, {}],
      ["LockManager.authority", { accessManager: l1.bridge }, {}],
      ["L1Gateway.BRIDGE", { bridge: l1.metis }, {}],
      ["LockManager.L1_GATEWAY", { l1Gateway: l1.bridge }, {}],
      ["L1Gateway.l2Gateway", {}, { l2Gateway: l2.eMetis }],
      ["StakingPool.EMETIS", {}, { eMetis: l2.seMetis }],
      ["StakingPool.SEMETIS", {}, { seMetis: l2.eMetis }],
      ["StakingPool.QUEUE", {}, { redemptionQueue: l2.eMetis }],
      ["StakingPool.authority", {}, { accessManager: l2.eMetis }],
    ];
    const found = await Promise.all(
      strangers.map(async ([, onL1, onL2]) => {
        const deployment = { ...context.deployment, l1: { ...l1, ...onL1 }, l2: { ...l2, ...onL2 } };
        return verify({ ...context, deployment });
      }),
    );
    expect(found.map((error) => (error as { view?: string }).view)).to.deep.equal(strangers.map(([view]) => view));
    expect(found.map((error) => (error as Error).name)).to.deep.equal(strangers.map(() => "WiringError"));
  });

  it("notices a contract that is another one of ours, by what it does not know", async () => {
    const { l1, l2 } = context.deployment;
    const deployment = { ...context.deployment, l1, l2: { ...l2, stakingPool: l2.redemptionQueue } };
    expect(await verify({ ...context, deployment })).to.include({ name: "WiringError", view: "StakingPool.QUEUE" });
  });
});
