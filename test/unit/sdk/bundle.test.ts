import path from "node:path";

import { expect } from "chai";

import { bundle } from "../../../scripts/lib/sdkPackage/bundle";

const source = path.join(__dirname, "..", "..", "..", "sdk", "src");
/** What the action needs: its own file, its contract's interface, and the checks of what it is given. */
const partsOfDeposit =
  /^(?:actions\/(?:calls|deposit|limits)|check|errors|generated\/contracts\/factories\/StakingPool__factory)\.ts$/;

describe("The SDK in a browser's bundle", () => {
  it("needs ethers and nothing of Node", async () => {
    const { imports } = await bundle('export * from "./index";', source);
    expect([...new Set(imports)]).to.deep.equal(["ethers"]);
  });

  it("brings of everything else nothing with one action", async () => {
    const { files } = await bundle('export { deposit } from "./index";', source);
    const parts = files.filter((file) => file !== "<stdin>");
    expect(parts).to.include("actions/deposit.ts");
    expect(parts.filter((file) => !partsOfDeposit.test(file))).to.deep.equal([]);
  });
});
