import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { describePair, pinPair } from "../../../../scripts/lib/fork/heads";
import type { ForkPair } from "../../../../scripts/lib/fork/targets";

describe("pinPair", () => {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { id, method } = JSON.parse(body) as { readonly id: number; readonly method: string };
      const result = method === "eth_chainId" ? "0x440" : "0x2a";
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
    });
  });
  let url: string;

  before((done) => {
    server.listen(0, "127.0.0.1", () => {
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/key`;
      done();
    });
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const pairOf = (chainId: number, block?: number): ForkPair => {
    const target = { chainId, name: "Metis", url, block };
    return { network: "metis", l1: target, l2: target };
  };
  const refusal = async (pair: ForkPair) => pinPair(pair).then(() => "", String);

  it("takes the head where no block is named, and the block where one is", async () => {
    expect((await pinPair(pairOf(1088))).l2.block).to.equal(42);
    expect((await pinPair(pairOf(1088, 7))).l2.block).to.equal(7);
  });

  it("refuses an endpoint of another chain", async () => {
    expect(await refusal(pairOf(1))).to.equal("ForkEndpointError: the endpoint of Metis has chain id 1088, not 1");
  });

  it("refuses an endpoint that does not answer, without telling it", async () => {
    const dead = { chainId: 1, name: "Ethereum", url: "http://127.0.0.1:1/key", block: undefined };
    expect(await refusal({ network: "metis", l1: dead, l2: dead })).to.equal(
      "ForkEndpointError: the endpoint of Ethereum does not answer eth_chainId: ECONNREFUSED",
    );
  });

  it("is described by chains and blocks alone", async () => {
    const pair = await pinPair(pairOf(1088, 7));
    expect(describePair(pair)).to.equal("metis: Metis (1088) at block 7, Metis (1088) at block 7");
  });
});
