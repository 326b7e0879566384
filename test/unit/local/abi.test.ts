/** The interfaces and the stand-ins against the ABIs of Metis's deployed contracts, where those are at hand. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { type Fragment, FunctionFragment, Interface, type InterfaceAbi } from "ethers";
import hre from "hardhat";

const directory = path.join(hre.config.paths.root, "..", "shared", "metis", "abi");

/** Which of Metis's contracts an interface or a stand-in of ours speaks for. */
const counterparts: Readonly<Record<string, string>> = {
  ILockingPool: "LockingPool",
  ILockingInfo: "LockingInfo",
  IL1StandardBridge: "L1StandardBridge",
  IAddressManager: "Lib_AddressManager",
  IDiscountOracle: "MVM_DiscountOracle",
  IL2StandardBridge: "L2StandardBridge",
  IGasPriceOracle: "OVM_GasPriceOracle",
  IL2StandardERC20: "MVM_Coinbase",
  LocalLockingPool: "LockingPool",
  LocalLockingPoolMainnet: "LockingPool",
  LocalLockingInfo: "LockingInfo",
  LocalL1StandardBridge: "L1StandardBridge",
  LocalL1Messenger: "L1CrossDomainMessenger",
  LocalAddressManager: "Lib_AddressManager",
  LocalDiscountOracle: "MVM_DiscountOracle",
  LocalL2StandardBridge: "L2StandardBridge",
  LocalL2Messenger: "L2CrossDomainMessenger",
  LocalGasPriceOracle: "OVM_GasPriceOracle",
  LocalDeployerWhitelist: "OVM_DeployerWhitelist",
  LocalMetisCoinbase: "MVM_Coinbase",
};

/** Stand-ins that have every function, event and error of the real contract. */
const complete = ["LocalLockingPool", "LocalLockingPoolMainnet", "LocalLockingInfo", "LocalAddressManager"];

/** What a stand-in calls otherwise than the real one, which is put at its address without being initialised by a call. */
const setUp = new Set(["initialize"]);

const isHere = existsSync(directory);

describe(`Metis's ABIs${isHere ? "" : ", skipped: they are not in ../shared/metis/abi"}`, () => {
  before(function () {
    if (!isHere) this.skip();
  });

  for (const [ours, theirs] of Object.entries(counterparts)) {
    it(`of ${theirs} are kept by ${ours}`, async () => {
      const real = describeAbi(realAbi(theirs));
      const own = describeAbi((await hre.artifacts.readArtifact(ours)).abi);
      for (const [name, descriptions] of own) {
        const expected = real.get(name);
        if (expected === undefined) continue;
        expect(expected, name).to.include.members(descriptions);
      }
    });
  }

  for (const ours of Object.keys(counterparts).filter((name) => name.startsWith("I"))) {
    it(`have all that ${ours} declares`, async () => {
      const real = describeAbi(realAbi(counterparts[ours]!));
      const own = describeAbi((await hre.artifacts.readArtifact(ours)).abi);
      expect([...real.keys()]).to.include.members([...own.keys()]);
    });
  }

  for (const ours of complete) {
    it(`have nothing that ${ours} lacks`, async () => {
      const real = describeAbi(realAbi(counterparts[ours]!));
      const own = describeAbi((await hre.artifacts.readArtifact(ours)).abi);
      expect([...own.keys()]).to.include.members([...real.keys()]);
    });
  }
});

function realAbi(name: string): InterfaceAbi {
  return JSON.parse(readFileSync(path.join(directory, `${name}.json`), "utf8")) as InterfaceAbi;
}

/** The functions, events and errors by name, each told by its selector, types, indexed fields, results and mutability. */
function describeAbi(abi: InterfaceAbi): Map<string, string[]> {
  const descriptions = new Map<string, string[]>();
  for (const fragment of new Interface(abi).fragments) {
    if (fragment.type === "constructor" || fragment.type === "fallback") continue;
    const name = nameOf(fragment);
    if (setUp.has(name)) continue;
    const key = `${fragment.type} ${name}`;
    descriptions.set(key, [...(descriptions.get(key) ?? []), describeFragment(fragment)]);
  }
  return descriptions;
}

function describeFragment(fragment: Fragment): string {
  const inputs = fragment.inputs.map(({ type, indexed }) => (indexed === true ? `${type} indexed` : type)).join();
  if (!FunctionFragment.isFragment(fragment)) return `(${inputs})`;
  return `${fragment.selector} (${inputs}) ${stateOf(fragment)} -> (${fragment.outputs.map(({ type }) => type).join()})`;
}

/** A caller cannot tell `pure` from `view`: the real coinbase has constants where the stand-in has functions, and the other way round. */
function stateOf({ stateMutability }: FunctionFragment): string {
  return stateMutability === "pure" ? "view" : stateMutability;
}

function nameOf(fragment: Fragment): string {
  return "name" in fragment ? String(fragment.name) : fragment.type;
}
