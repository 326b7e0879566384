import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { compile, layoutsOf, namespaceSlot, readLayouts } from "../../../scripts/lib/layoutBuild";
import {
  type RecordedLayout,
  checkLayouts,
  disagreements,
  halves,
  unsafeChanges,
  upgradeableContracts,
  writeLayouts,
} from "../../../scripts/lib/layouts";

const records = path.join(__dirname, "..", "..", "..", "deployments", "layouts");
const namespace = "test.storage.Vault";
const place = `erc7201:${namespace}`;

const fields = ["uint96 total;", "uint32 seenAt;", "Phase phase;", "address owner;", "mapping(uint256 => Item) items;"];
const members = ["uint128 amount;", "uint64 count;"];
const phases = ["Waiting", "Active", "Ended"];

interface Shape {
  readonly fields?: readonly string[];
  readonly members?: readonly string[];
  readonly phases?: readonly string[];
  readonly namespace?: string;
  /** A slot that the namespace is not at. */
  readonly slot?: string;
}

/** Each contract as somebody could write the next version of `Vault`. */
const shapes = {
  Vault: {},
  Appended: { fields: [...fields, "uint64 epoch;", "bool isOpen;"], members: [...members, "bytes32 key;"] },
  NewPhase: { phases: [...phases, "Closed"] },
  Reordered: { fields: [fields[1]!, fields[0]!, ...fields.slice(2)] },
  Retyped: { fields: ["uint128 total;", ...fields.slice(1)] },
  Removed: { fields: [...fields.slice(0, 3), fields[4]!] },
  Inserted: { fields: [fields[0]!, "uint256 added;", ...fields.slice(1)] },
  Renamed: { fields: [fields[0]!, "uint32 lookedAt;", ...fields.slice(2)] },
  Moved: { namespace: "test.storage.Vaults" },
  Elsewhere: { slot: `0x${"ab".repeat(31)}00` },
  InnerRetyped: { members: ["uint64 amount;", members[1]!] },
  InnerInserted: { members: ["bytes32 key;", ...members] },
  PhaseInserted: { phases: ["Unknown", ...phases] },
} as const satisfies Record<string, Shape>;

type ShapeName = keyof typeof shapes;

function contract(name: string, shape: Shape): string {
  const id = shape.namespace ?? namespace;
  return `
contract ${name} {
    enum Phase { ${(shape.phases ?? phases).join(", ")} }
    struct Item { ${(shape.members ?? members).join(" ")} }
    /// @custom:storage-location erc7201:${id}
    struct Layout { ${(shape.fields ?? fields).join(" ")} }
    bytes32 private constant PLACE = ${shape.slot ?? namespaceSlot(id)};
    function f() external pure returns (bytes32) { return PLACE; }
}`;
}

/** A build of the contracts, as Hardhat would make it. */
async function build(contracts: readonly string[]) {
  const header = "// SPDX-License-Identifier: MIT\npragma solidity 0.8.28;\n";
  const outputSelection = { "*": { "*": ["storageLayout", "evm.bytecode"], "": ["ast"] } };
  const input = {
    language: "Solidity",
    sources: { "Vaults.sol": { content: `${header}${contracts.join("\n")}` } },
    settings: { outputSelection },
  };
  return { input, output: await compile(input) };
}

describe("Storage layouts", () => {
  let layouts: ReadonlyMap<string, RecordedLayout>;
  let everything: Awaited<ReturnType<typeof build>>;

  before(async () => {
    everything = await build(Object.entries(shapes).map(([name, shape]) => contract(name, shape)));
    const names = Object.keys(shapes).filter((name) => name !== "Elsewhere");
    layouts = await layoutsOf(
      everything,
      names.map((name) => `Vaults.sol:${name}`),
    );
  });

  const layout = (name: ShapeName): RecordedLayout => layouts.get(`Vaults.sol:${name}`)!;
  const changesOf = (name: ShapeName) =>
    unsafeChanges("Vault", layout("Vault"), layout(name)).map(({ message }) => message);

  describe("compared with the next version", () => {
    it("take fields behind the last one, and behind the last one of a struct in a mapping", () => {
      expect(changesOf("Appended")).to.deep.equal([]);
    });

    it("take a phase behind the last one", () => {
      expect(changesOf("NewPhase")).to.deep.equal([]);
    });

    it("name a field that changed places", () => {
      expect(changesOf("Reordered")).to.deep.equal([
        `Vault: ${place}: total is gone`,
        `Vault: ${place}: seenAt moved`,
        `Vault: ${place}: total is new before the end`,
      ]);
    });

    it("name a field of another type, with both types", () => {
      expect(changesOf("Retyped")).to.deep.equal([
        `Vault: ${place}: total was uint96 and is uint128`,
        ...["seenAt", "phase"].map((field) => `Vault: ${place}: ${field} moved`),
      ]);
    });

    it("name a field that is gone", () => {
      expect(changesOf("Removed")).to.deep.equal([`Vault: ${place}: owner is gone`, `Vault: ${place}: items moved`]);
    });

    it("name a field that came between", () => {
      expect(changesOf("Inserted")).to.deep.equal([
        `Vault: ${place}: added is new before the end`,
        ...["seenAt", "phase", "owner", "items"].map((field) => `Vault: ${place}: ${field} moved`),
      ]);
    });

    it("name a field that is called something else", () => {
      expect(changesOf("Renamed")).to.deep.equal([`Vault: ${place}: seenAt became lookedAt`]);
    });

    it("name a namespace that is gone", () => {
      expect(changesOf("Moved")).to.deep.equal([
        `Vault: the namespace ${place} is gone: what is stored there would be lost`,
      ]);
    });

    it("name the struct inside a mapping and its field", () => {
      expect(changesOf("InnerRetyped")).to.deep.equal([
        `Vault: ${place}: items: struct Vault.Item: amount was uint128 and is uint64`,
        `Vault: ${place}: items: struct Vault.Item: count moved`,
      ]);
      expect(changesOf("InnerInserted")).to.deep.equal([
        `Vault: ${place}: items: struct Vault.Item: key is new before the end`,
        ...["amount", "count"].map((field) => `Vault: ${place}: items: struct Vault.Item: ${field} moved`),
      ]);
    });

    it("name an enum whose values got other numbers", () => {
      expect(changesOf("PhaseInserted")).to.deep.equal([
        `Vault: ${place}: phase: the values of enum Vault.Phase are not the first of the new ones`,
      ]);
    });
  });

  it("are refused when the code reads its storage from somewhere else than its namespace", async () => {
    const error: unknown = await layoutsOf(everything, ["Vaults.sol:Elsewhere"]).catch((reason: unknown) => reason);
    expect(error)
      .to.be.instanceOf(Error)
      .with.property(
        "message",
        `Elsewhere has no constant ${namespaceSlot(namespace)}, the slot of its namespace ${namespace}`,
      );
  });

  describe("of two halves", () => {
    const names = { whole: "Vault", half: "Operations" };
    const messages = (name: ShapeName) =>
      disagreements(names, layout("Vault"), layout(name)).map(({ message }) => message);

    it("agree when they are the same", () => {
      expect(messages("Vault")).to.deep.equal([]);
    });

    it("agree when only the whole has a namespace more", () => {
      const more = { ...layout("Vault").namespaces, ...layout("Moved").namespaces };
      expect(disagreements(names, { ...layout("Vault"), namespaces: more }, layout("Vault"))).to.deep.equal([]);
    });

    it("disagree when the half has a field more, safe as that would be for an upgrade", () => {
      expect(messages("Appended")).to.deep.equal([
        `Vault and Operations: Vault: ${place}: items: struct Appended.Item: key is gone`,
        `Vault and Operations: Vault: ${place}: epoch is gone`,
        `Vault and Operations: Vault: ${place}: isOpen is gone`,
      ]);
    });

    it("disagree when a field is of another type", () => {
      expect(messages("Retyped")).to.include(
        `Vault and Operations: Operations: ${place}: total was uint96 and is uint128`,
      );
    });

    it("disagree when the half has a namespace of its own", () => {
      expect(messages("Moved")).to.deep.equal([
        "Vault and Operations: only Operations knows erc7201:test.storage.Vaults",
      ]);
    });
  });

  describe("on record", () => {
    let folder: string;
    let present: ReadonlyMap<string, RecordedLayout>;

    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "emetis-layouts-"));
      const empty = layoutOf({});
      const contracts = [...upgradeableContracts, ...halves.map(({ half }) => half)];
      present = new Map(contracts.map((name) => [name, name === "L1Gateway" ? layout("Vault") : empty]));
    });

    afterEach(async () => {
      await rm(folder, { recursive: true });
    });

    const layoutOf = (namespaces: RecordedLayout["namespaces"]): RecordedLayout => ({
      storage: [],
      namespaces,
      types: {},
    });
    const next = (name: ShapeName) => new Map([...present, ["L1Gateway", layout(name)]]);
    const faults = async (name: ShapeName) => (await checkLayouts(folder, next(name))).map(({ message }) => message);

    it("are missing before they are written, each by its name", async () => {
      const found = await checkLayouts(folder, present);
      expect(found.map(({ type, contract: name }) => [type, name])).to.deep.equal(
        upgradeableContracts.map((name) => ["missing", name]),
      );
    });

    it("are those of the build once they are written", async () => {
      expect(await writeLayouts(folder, present)).to.deep.equal(upgradeableContracts.map((name) => `${name}.json`));
      expect(await checkLayouts(folder, present)).to.deep.equal([]);
    });

    it("are out of date after a safe append, and are then written again", async () => {
      await writeLayouts(folder, present);
      const how = "run npm run layouts and commit the record";
      expect(await faults("Appended")).to.deep.equal([
        `the record of L1Gateway is not that of the present build: ${how}`,
      ]);
      expect(await writeLayouts(folder, next("Appended"))).to.deep.equal(["L1Gateway.json"]);
      expect(await faults("Appended")).to.deep.equal([]);
    });

    it("are not overwritten by what would misread them, unless one insists", async () => {
      await writeLayouts(folder, present);
      const before = await readFile(path.join(folder, "L1Gateway.json"), "utf8");
      const error: unknown = await writeLayouts(folder, next("Removed")).catch((reason: unknown) => reason);
      expect(error)
        .to.be.instanceOf(Error)
        .with.property("message", `L1Gateway: ${place}: owner is gone\nL1Gateway: ${place}: items moved`);
      expect(await readFile(path.join(folder, "L1Gateway.json"), "utf8")).to.equal(before);
      expect(await writeLayouts(folder, next("Removed"), { isForced: true })).to.deep.equal(["L1Gateway.json"]);
    });

    it("name the file that is no layout", async () => {
      await writeLayouts(folder, present);
      await writeFile(path.join(folder, "StakingPool.json"), "[]");
      const error: unknown = await checkLayouts(folder, present).catch((reason: unknown) => reason);
      expect(error)
        .to.be.instanceOf(Error)
        .with.property("message", "StakingPool.json is no layout: restore it from git");
    });
  });

  it("of the contracts are those on record, and LockManager's two halves agree", async () => {
    const present = await readLayouts([...upgradeableContracts, ...halves.map(({ half }) => half)]);
    expect(await checkLayouts(records, present)).to.deep.equal([]);
  });
});
