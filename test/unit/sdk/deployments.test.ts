import { expect } from "chai";
import { Wallet, id } from "ethers";

import { type Deployment, deploymentOf, networks, parseDeployment } from "../../../sdk/src/deployments";
import { thrownBy } from "../../helpers/sdk/thrownBy";

const address = (text: string) => new Wallet(id(text)).address;
const addresses = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, address(name)]));
const codeHash = id("code");

/** As it would come out of a file. */
const plain = {
  name: "somewhere",
  l1: {
    chainId: 1,
    startBlock: 0,
    ...addresses(["accessManager", "vaultBeacon", "lockManager", "l1Gateway", "metis", "lockingPool", "bridge"]),
    code: { lockManager: { codeHash, implementation: { address: address("implementation"), codeHash } } },
  },
  l2: {
    chainId: 1088,
    startBlock: 7,
    ...addresses(["accessManager", "eMetis", "seMetis", "stakingPool", "redemptionQueue", "l2Gateway"]),
  },
};

/** `plain` with one field, by its path, set or (undefined) left out. */
function changed(path: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(plain)) as Record<string, unknown>;
  const names = path.split(".");
  const parent = names.slice(0, -1).reduce((fields, name) => fields[name] as Record<string, unknown>, copy);
  parent[names.at(-1)!] = value;
  return JSON.parse(JSON.stringify(copy));
}

const shown = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));

describe("parseDeployment", () => {
  it("reads what was written as JSON, and stays the same when it is written again", () => {
    const deployment: Deployment = parseDeployment(JSON.parse(JSON.stringify(plain)));
    expect(deployment).to.deep.equal({ ...plain, l2: { ...plain.l2, code: {} } });
    expect(parseDeployment(JSON.parse(JSON.stringify(deployment)))).to.deep.equal(deployment);
  });

  it("leaves out what it does not know", () => {
    expect(parseDeployment({ ...plain, l3: {} })).not.to.have.property("l3");
  });

  for (const side of ["l1", "l2"] as const) {
    for (const name of Object.keys(plain[side])) {
      if (name === "code") continue;
      it(`misses ${side}.${name}`, () => {
        const error = thrownBy(() => parseDeployment(changed(`${side}.${name}`, undefined)));
        expect(error).to.include({ name: "DeploymentError", path: `${side}.${name}`, value: undefined });
      });
    }
  }

  const refused: readonly (readonly [string, unknown])[] = [
    ...(["name", "l1", "l2"] as const).map((path) => [path, undefined] as const),
    ["name", ""],
    ["l1", []],
    ["l1.chainId", "1"],
    ["l1.chainId", 0],
    ["l1.chainId", 1.5],
    ["l1.startBlock", -1],
    ["l2.startBlock", 2 ** 53],
    ["l1.lockManager", "0x1234"],
    ["l1.lockManager", `0x${"0".repeat(40)}`],
    ["l1.lockManager", 7],
    ["l2.chainId", 1],
    ["l1.code", 5],
    ["l1.code.lockManager", null],
    ["l1.code.lockManager.codeHash", "0x12"],
    ["l1.code.lockManager.implementation", "0x12"],
    ["l1.code.lockManager.implementation.address", codeHash],
    ["l1.code.lockManager.implementation.codeHash", undefined],
  ];
  for (const [path, value] of refused) {
    it(`refuses ${shown(value)} as ${path}`, () => {
      expect(thrownBy(() => parseDeployment(changed(path, value)))).to.include({ name: "DeploymentError", path });
    });
  }

  it("refuses an address with a wrong checksum", () => {
    const { lockManager } = plain.l1 as unknown as { lockManager: string };
    const wrong = lockManager.replace(/[a-f]/, (letter) => letter.toUpperCase());
    expect(wrong).not.to.equal(lockManager);
    const error = thrownBy(() => parseDeployment(changed("l1.lockManager", wrong)));
    expect(error).to.include({ name: "DeploymentError", path: "l1.lockManager", value: wrong });
  });

  for (const value of [null, undefined, "deployment", 5, []]) {
    it(`refuses ${shown(value)}`, () => {
      expect(thrownBy(() => parseDeployment(value))).to.include({ name: "DeploymentError", path: "object" });
    });
  }
});

describe("deploymentOf", () => {
  for (const network of ["atlantis", 424_242, "", "__proto__"]) {
    it(`knows no deployment for ${JSON.stringify(network)}, and says which it knows`, () => {
      const error = thrownBy(() => deploymentOf(network));
      expect(error).to.include({ name: "UnknownNetworkError", network });
      expect(error).to.have.deep.property("known", networks);
    });
  }

  it("gives each network that it lists, by name", () => {
    expect(networks.map((name) => deploymentOf(name).name)).to.deep.equal(networks);
  });
});
