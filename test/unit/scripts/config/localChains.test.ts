import { expect } from "chai";

import { localChains, mainChain } from "../../../../scripts/config/localChains";

describe("mainChain", () => {
  it("is the local L2 when nothing is said", () => {
    expect(mainChain({})).to.deep.equal(localChains.l2);
  });

  it("is the layer that is named, with the chain id that is named", () => {
    expect(mainChain({ MAIN_CHAIN: "l1", MAIN_CHAIN_ID: "11155111" })).to.deep.equal({
      ...localChains.l1,
      chainId: 11155111,
    });
  });

  it("continues the chain that is named, from the block that is named", () => {
    const environment = { MAIN_CHAIN_ID: "59902", FORK_URL: "http://127.0.0.1:1", FORK_BLOCK: "7" };
    expect(mainChain(environment)).to.deep.equal({
      ...localChains.l2,
      chainId: 59902,
      forking: { url: "http://127.0.0.1:1", blockNumber: 7 },
    });
    const { FORK_URL } = environment;
    expect(mainChain({ FORK_URL })).to.deep.equal({ ...localChains.l2, forking: { url: FORK_URL } });
  });

  it("refuses what is no number", () => {
    expect(() => mainChain({ MAIN_CHAIN_ID: "sepolia" })).to.throw(
      'MAIN_CHAIN_ID is "sepolia": set it to a decimal number',
    );
    expect(() => mainChain({ FORK_BLOCK: "" })).to.throw('FORK_BLOCK is "": set it to a decimal number');
  });
});
