import { expect } from "chai";
import { dataLength, dataSlice } from "ethers";

import { type Layer } from "../../../../scripts/config/localChains";
import { deployedOn } from "../../../../scripts/lib/verify/codes";
import { compareCode } from "../../../../scripts/lib/verify/compareCode";
import { findingsIn } from "../../../../scripts/lib/verify/finding";
import { l1Immutables, l2Immutables } from "../../../../scripts/lib/verify/immutables";
import { vaultAddressOf } from "../../../../scripts/lib/verify/vaultProxy";
import { type Verified, codeFaultsOn, flipByte, messagesOn, verifiedProtocol } from "../../../helpers/verification";

/** Names of what a byte is changed of, and the record whose hash no longer holds. */
const contracts: Readonly<Record<Layer, Readonly<Record<string, string | undefined>>>> = {
  l1: {
    L1AccessManager: "L1AccessManager: recorded hash of the code",
    VaultBeacon: "VaultBeacon: recorded hash of the code",
    LockManager: "LockManager: recorded hash of the code",
    L1Gateway: "L1Gateway: recorded hash of the code",
    "VaultBeacon implementation": "VaultBeacon: recorded hash of the implementation's code",
    "LockManager implementation": "LockManager: recorded hash of the implementation's code",
    "L1Gateway implementation": "L1Gateway: recorded hash of the implementation's code",
    VaultOperations: undefined,
  },
  l2: {
    L2AccessManager: "L2AccessManager: recorded hash of the code",
    EMetis: "EMetis: recorded hash of the code",
    SEMetis: "SEMetis: recorded hash of the code",
    StakingPool: "StakingPool: recorded hash of the code",
    RedemptionQueue: "RedemptionQueue: recorded hash of the code",
    L2Gateway: "L2Gateway: recorded hash of the code",
    "StakingPool implementation": "StakingPool: recorded hash of the implementation's code",
    "RedemptionQueue implementation": "RedemptionQueue: recorded hash of the implementation's code",
    "L2Gateway implementation": "L2Gateway: recorded hash of the implementation's code",
  },
};

describe("tampered code", () => {
  let world: Verified;

  beforeEach(async () => {
    world = await verifiedProtocol();
  });

  const addressOf = (layer: Layer, name: string): string => {
    return deployedOn(layer, world.truth).find((one) => one.name === name)!.address;
  };
  /** Bytes of the compiler's metadata behind a contract. */
  const metadataLength = (layer: Layer, name: string): number => {
    const { artifact } = deployedOn(layer, world.truth).find((one) => one.name === name)!;
    return Number(dataSlice(world.builds.get(artifact)!.deployedBytecode, -2)) + 2;
  };

  it("is looked for in everything that is deployed", () => {
    for (const layer of ["l1", "l2"] as const) {
      expect(deployedOn(layer, world.truth).map(({ name }) => name)).to.deep.equal(Object.keys(contracts[layer]));
    }
  });

  for (const layer of ["l1", "l2"] as const) {
    for (const [name, recorded] of Object.entries(contracts[layer])) {
      it(`is named for one byte of ${name}`, async () => {
        const position = -metadataLength(layer, name) - 1;
        await flipByte(world, layer, addressOf(layer, name), position);
        const hash = recorded === undefined ? [] : [`recordedCodeHash: ${recorded}`];
        expect(await codeFaultsOn(layer, world)).to.deep.equal([`code: ${name}: code`, ...hash]);
      });
    }
  }

  it("says from which byte on it is other", async () => {
    const address = addressOf("l2", "EMetis");
    const position = dataLength(await world.l2.provider.getCode(address)) - metadataLength("l2", "EMetis") - 1;
    await flipByte(world, "l2", address, position);
    const [message] = await messagesOn("l2", world);
    expect(message).to.match(new RegExp(`^code: l2 EMetis: code is .*, other from byte ${position} on, expected `));
  });

  it("is named for one byte of a vault's proxy", async () => {
    await flipByte(world, "l1", world.protocol.sequencers[1]!.vault, -1);
    const messages = await messagesOn("l1", world);
    expect(messages).to.have.length(1);
    expect(messages[0]).to.match(/^code: l1 vault 1: code is .*, other from byte 81 on, expected /);
  });

  it("is named for a vault without code", async () => {
    const { vault } = world.protocol.sequencers[0]!;
    await world.l1.setCode(vault, "0x");
    expect(await messagesOn("l1", world)).to.deep.equal([
      "contract: l1 vault 0: what is there is no contract, expected a contract",
    ]);
  });

  it("is named for a contract without code, and all else is still compared", async () => {
    await world.l2.setCode(addressOf("l2", "L2Gateway"), "0x");
    const messages = await messagesOn("l2", world);
    expect(messages).to.include("contract: l2 L2Gateway: what is there is no contract, expected a contract");
    expect(messages).to.include(
      `authority: l2 L2Gateway: authority is no answer, expected ${world.truth.records.L2AccessManager.address}`,
    );
    expect(messages.filter((message) => !message.includes("L2Gateway"))).to.deep.equal([]);
  });

  it("is named for code with more bytes than compiled", async () => {
    const address = addressOf("l2", "RedemptionQueue implementation");
    await world.l2.setCode(address, `${await world.l2.provider.getCode(address)}00`);
    expect(await codeFaultsOn("l2", world)).to.include("code: RedemptionQueue implementation: code");
  });

  it("is named for a byte of the compiler's metadata alone", async () => {
    await flipByte(world, "l2", addressOf("l2", "StakingPool implementation"), -20);
    expect(await codeFaultsOn("l2", world)).to.deep.equal([
      "metadata: StakingPool implementation: metadata of the compiler",
      "recordedCodeHash: StakingPool: recorded hash of the implementation's code",
    ]);
  });

  it("is named for each immutable, and for nothing else", async () => {
    const tried = new Set<string>();
    for (const layer of ["l1", "l2"] as const) {
      const values = layer === "l1" ? l1Immutables(world.truth) : l2Immutables(world.truth);
      for (const { name, address, artifact } of deployedOn(layer, world.truth)) {
        const build = world.builds.get(artifact)!;
        const code = await world[layer].provider.getCode(address);
        for (const immutable of build.immutables) {
          const { start, length } = immutable.references.at(-1)!;
          const tampered = Buffer.from(code.slice(2), "hex");
          tampered[start + length - 1]! ^= 1;
          const question = { of: { chain: layer, contract: name }, build, immutables: values[artifact]! };
          const found = findingsIn(compareCode({ ...question, code: `0x${tampered.toString("hex")}` }));
          expect(found.map(({ type, item }) => [type, item])).to.deep.equal([["immutable", immutable.name]]);
          tried.add(`${name}.${immutable.name}`);
        }
      }
    }
    expect(tried.size).to.equal(50);
  });

  it("is named with both values of an immutable", async () => {
    const { truth } = world;
    const address = addressOf("l2", "StakingPool implementation");
    const stranger = world.people.stranger.address;
    const code = await world.l2.provider.getCode(address);
    const word = truth.records.LockManager.address.slice(2).toLowerCase();
    await world.l2.setCode(address, code.replaceAll(word, stranger.slice(2).toLowerCase()));
    expect((await messagesOn("l2", world))[0]).to.equal(
      `immutable: l2 StakingPool implementation: L1_LOCK_MANAGER is ${stranger}, ` +
        `expected ${truth.records.LockManager.address}`,
    );
  });

  it("is named with all values of an immutable that has several", async () => {
    const address = addressOf("l1", "L1Gateway implementation");
    const build = world.builds.get("L1Gateway")!;
    const { start, length } = build.immutables.find(({ name }) => name === "L2_CHAIN_ID")!.references[1]!;
    await flipByte(world, "l1", address, start + length - 1);
    expect((await messagesOn("l1", world))[0]).to.equal(
      "immutable: l1 L1Gateway implementation: L2_CHAIN_ID is 31338 and 31339, expected 31338",
    );
  });

  it("is none of ours where vaults are foretold as LockManager foretells them", async () => {
    const { lockManager } = world.protocol.l1;
    const { LockManager, VaultBeacon } = world.truth.records;
    for (const index of [0, 1, 2, 19]) {
      expect(vaultAddressOf(LockManager.address, VaultBeacon.address, index)).to.equal(
        await lockManager.vaultAddress(index),
      );
    }
  });
});
