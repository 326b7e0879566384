import { expect } from "chai";

import { isPublicChain } from "../../../scripts/config/networks";
import { NetworkError, selectNetwork } from "../../../scripts/lib/network";

const environment = { SEPOLIA_RPC_URL: "http://127.0.0.1:1" };

describe("selectNetwork", () => {
  it("gives both chains of the network that is named, and the folder of its records", () => {
    const { name, l1, l2, folder } = selectNetwork({ network: "metis-sepolia" }, environment);
    expect([name, l1.chainId, l2.chainId]).to.deep.equal(["metis-sepolia", 11_155_111, 59_902]);
    expect(folder).to.match(/[\\/]deployments[\\/]metis-sepolia$/);
  });

  it("takes several endpoints from the environment, before those of the settings", () => {
    const variables = { ...environment, METIS_SEPOLIA_RPC_URL: "http://127.0.0.1:2, http://127.0.0.1:3," };
    expect(selectNetwork({ network: "metis-sepolia" }, variables).l2.rpcUrls).to.deep.equal([
      "http://127.0.0.1:2",
      "http://127.0.0.1:3",
    ]);
  });

  it("takes the settings' own endpoint where the environment has none", () => {
    expect(selectNetwork({ network: "metis-sepolia" }, environment).l2.rpcUrls).to.deep.equal([
      "https://sepolia.metisdevops.link",
    ]);
  });

  it("waits for as many blocks as the options say on both chains", () => {
    const { l1, l2 } = selectNetwork({ network: "metis-sepolia", confirmations: "1" }, environment);
    expect([l1.confirmations, l2.confirmations]).to.deep.equal([1, 1]);
  });

  it("refuses a network that is not known, naming those that are", () => {
    expect(() => selectNetwork({ network: "andromeda" }, environment)).to.throw(
      NetworkError,
      'the network is "andromeda": say --network metis-sepolia or metis',
    );
  });

  it("refuses a chain without an endpoint, naming the variable", () => {
    expect(() => selectNetwork({ network: "metis" }, environment)).to.throw(
      NetworkError,
      "no endpoint of Ethereum: set ETHEREUM_RPC_URL to one or more URLs",
    );
  });

  it("refuses what is no URL without telling it, for it may hold a key", () => {
    const variables = { SEPOLIA_RPC_URL: "wss://secret" };
    expect(() => selectNetwork({ network: "metis-sepolia" }, variables)).to.throw(
      NetworkError,
      /^SEPOLIA_RPC_URL holds what is no http\(s\) URL$/,
    );
  });

  it("refuses a number of confirmations below one", () => {
    expect(() => selectNetwork({ network: "metis-sepolia", confirmations: "0" }, environment)).to.throw(
      NetworkError,
      '--confirmations is "0": it must be a whole number above 0',
    );
  });
});

describe("isPublicChain", () => {
  it("knows the four public chains and no local one", () => {
    expect([1, 1_088, 11_155_111, 59_902, 31_337, 31_338].map(isPublicChain)).to.deep.equal([
      ...[true, true, true, true],
      ...[false, false],
    ]);
  });
});
