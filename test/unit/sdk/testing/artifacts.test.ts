import { expect } from "chai";
import { Interface } from "ethers";

import * as compiled from "../../../../scripts/lib/artifacts";
import { artifacts } from "../../../../sdk/src/generated/testing/artifacts";
import * as built from "../../../../sdk/src/testing/artifacts";
import * as bindings from "../../../../typechain-types";

/** What TypeChain makes of the compiled contracts, by name. */
const factories = new Map<string, { readonly abi: unknown; readonly bytecode: unknown }>();
for (const [name, binding] of Object.entries(bindings)) {
  if ("bytecode" in binding) factories.set(name, { abi: binding.abi, bytecode: binding.bytecode });
}

describe("The artifacts of the built kit", () => {
  it("go by the same names as those of the repository", () => {
    expect(Object.keys(built)).to.have.members(Object.keys(compiled));
  });

  for (const [name, { abi, bytecode }] of Object.entries(artifacts)) {
    it(`have ${name} as it is compiled`, () => {
      const factory = factories.get(`${name}__factory`)!;
      expect(bytecode === factory.bytecode, "bytecode").to.equal(true);
      expect(abi).to.deep.equal(new Interface(JSON.stringify(factory.abi)).format());
    });
  }

  it("are read by the names that the deployment uses", async () => {
    const { abi, bytecode } = await built.readArtifact("StakingPool");
    expect([abi, bytecode]).to.deep.equal([artifacts.StakingPool.abi, artifacts.StakingPool.bytecode]);
  });

  it("are refused by a name that is not there", async () => {
    const error: unknown = await built.readArtifact("Nothing").catch((thrown: unknown) => thrown);
    expect(error).to.be.an("error").with.property("message", "the kit has no contract Nothing");
  });
});
