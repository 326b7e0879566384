import { expect } from "chai";

import { ForkVariableError, describeForkVariables, readForkPairs } from "../../../../scripts/lib/fork/targets";

const [ethereum, metis] = ["http://127.0.0.1:1/key", "http://127.0.0.1:2/"];

describe("readForkPairs", () => {
  it("finds no pair where nothing is set", () => {
    expect(readForkPairs({ METIS_RPC_URL: "", METIS_BLOCK: "7" })).to.deep.equal([]);
  });

  it("takes a pair at its heads", () => {
    expect(readForkPairs({ ETHEREUM_RPC_URL: ethereum, METIS_RPC_URL: metis })).to.deep.equal([
      {
        network: "metis",
        l1: { chainId: 1, name: "Ethereum", url: ethereum, block: undefined },
        l2: { chainId: 1088, name: "Metis", url: metis, block: undefined },
      },
    ]);
  });

  it("takes both pairs, Sepolia's first, each chain at its block", () => {
    const pairs = readForkPairs({
      ETHEREUM_RPC_URL: ethereum,
      METIS_RPC_URL: metis,
      SEPOLIA_RPC_URL: ethereum,
      METIS_SEPOLIA_RPC_URL: metis,
      SEPOLIA_BLOCK: "11",
      METIS_SEPOLIA_BLOCK: "12",
      ETHEREUM_BLOCK: "13",
      METIS_BLOCK: "14",
    });
    expect(pairs.map(({ l1, l2 }) => [l1.chainId, l1.block, l2.chainId, l2.block])).to.deep.equal([
      [11155111, 11, 59902, 12],
      [1, 13, 1088, 14],
    ]);
  });

  it("takes the first of several endpoints", () => {
    const [pair] = readForkPairs({ ETHEREUM_RPC_URL: `${ethereum}, http://127.0.0.1:9`, METIS_RPC_URL: metis });
    expect(pair!.l1.url).to.equal(ethereum);
  });

  it("refuses half a pair and names the other half", () => {
    expect(() => readForkPairs({ METIS_RPC_URL: metis })).to.throw(
      ForkVariableError,
      "METIS_RPC_URL is set and ETHEREUM_RPC_URL is not: a pair is forked together, so set it to the endpoint of Ethereum too",
    );
    expect(() => readForkPairs({ SEPOLIA_RPC_URL: metis })).to.throw(
      ForkVariableError,
      "SEPOLIA_RPC_URL is set and METIS_SEPOLIA_RPC_URL is not",
    );
  });

  it("refuses what is no URL, without telling it", () => {
    expect(() => readForkPairs({ METIS_RPC_URL: "wss://secret", ETHEREUM_RPC_URL: ethereum })).to.throw(
      ForkVariableError,
      /^METIS_RPC_URL holds what is no http\(s\) URL: set it to the endpoint of Metis$/,
    );
  });

  it("refuses a block that is no number", () => {
    expect(() => readForkPairs({ METIS_RPC_URL: metis, ETHEREUM_RPC_URL: ethereum, METIS_BLOCK: "latest" })).to.throw(
      ForkVariableError,
      'METIS_BLOCK is "latest": set it to the number of a block, or to nothing for the head',
    );
  });
});

describe("describeForkVariables", () => {
  it("names every variable, and the way without any", () => {
    const text = describeForkVariables();
    for (const chain of ["METIS", "ETHEREUM", "SEPOLIA", "METIS_SEPOLIA"])
      expect(text).to.include(`${chain}_RPC_URL`).and.to.include(`${chain}_BLOCK`);
    expect(text).to.include("npm run test:fork -- --local");
  });
});
