import { execFile } from "node:child_process";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

import { expect } from "chai";

import { type Build, readBuilds } from "../../../../scripts/lib/verify/builds";
import { compilerOf, standardInputOf } from "../../../../scripts/lib/verify/standardInput";
import { type SubmitTools, submitSources } from "../../../../scripts/lib/verify/submit";

const solc = path.resolve("tools", "solc");
const address = "0x00000000000000000000000000000000000000A1";
const deployed = { chain: "l2", name: "VaultBeacon", address, artifact: "UpgradeableBeacon" } as const;
const receipt = "b080b96bd06ad1c9341c2afb7e373031";

/** What the explorer answers, in this order; the last one for ever. */
type Script = readonly { readonly status?: number; readonly body: unknown }[];

const pending = { body: { status: "1", message: "OK", result: "Pending in queue" } };
const accepted = { body: { status: "1", message: "OK", result: receipt } };
const passed = { body: { status: "1", message: "OK", result: "Pass - Verified" } };

describe("submitting sources", () => {
  let build: Build;
  let server: Server;
  /** Query and body of each request that came. */
  let requests: { readonly query: URLSearchParams; readonly body: string }[];
  let waits: number[];
  let tools: SubmitTools;
  let script: Script;

  before(async () => {
    build = (await readBuilds(["UpgradeableBeacon"])).get("UpgradeableBeacon")!;
  });

  beforeEach(async () => {
    [requests, waits] = [[], []];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { searchParams } = new URL(request.url ?? "/", "http://localhost");
        const { status = 200, body } = script[Math.min(requests.length, script.length - 1)]!;
        requests.push({ query: searchParams, body: Buffer.concat(chunks).toString() });
        response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    tools = {
      api: `http://127.0.0.1:${port}/api`,
      pause: 10,
      attempts: 4,
      sleep: (milliseconds) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
    };
  });

  afterEach((done) => {
    server.closeAllConnections();
    server.close(done);
  });

  const submit = () => submitSources(deployed, build, tools);

  it("sends the sources, and waits until they are verified", async () => {
    script = [accepted, pending, pending, passed];
    expect(await submit()).to.deep.equal({
      type: "verified",
      chain: "l2",
      contract: "VaultBeacon",
      address,
      message: "Pass - Verified",
    });
    expect(requests.map(({ query }) => String(query))).to.deep.equal([
      "module=contract&action=verifysourcecode",
      ...Array.from({ length: 3 }, () => `module=contract&action=checkverifystatus&guid=${receipt}`),
    ]);
    const { body } = requests[0]!;
    const fields = [address, `${build.source}:UpgradeableBeacon`, compilerOf(build), "solidity-standard-json-input"];
    for (const field of fields) expect(body).to.include(field);
    expect(body).to.include(JSON.stringify(standardInputOf(build)));
    expect(waits).to.deep.equal([10, 10, 10]);
  });

  it("takes it for success when the explorer has them, in either place of its answer", async () => {
    script = [{ body: { status: "0", message: "Smart-contract already verified.", result: null } }];
    expect((await submit()).type).to.equal("alreadyVerified");
    requests = [];
    script = [{ body: { status: "0", message: "NOTOK", result: "Contract source code already verified" } }];
    expect((await submit()).type).to.equal("alreadyVerified");
  });

  it("fails with the explorer's words when the code is another", async () => {
    script = [accepted, pending, { body: { status: "1", message: "OK", result: "Fail - Unable to verify" } }];
    expect(await submit()).to.include({ type: "failed", message: "Fail - Unable to verify" });
  });

  it("fails with the explorer's words when it does not take the sources", async () => {
    script = [{ body: { status: "0", message: "Invalid address hash", result: null } }];
    expect(await submit()).to.include({ type: "failed", message: "Invalid address hash" });
    expect(requests).to.have.length(1);
  });

  it("asks again, later each time, while the explorer is busy", async () => {
    script = [
      { status: 429, body: "slow down" },
      { status: 502, body: "" },
      accepted,
      { status: 429, body: "" },
      passed,
    ];
    expect((await submit()).type).to.equal("verified");
    expect(waits).to.deep.equal([10, 20, 10, 10]);
  });

  it("fails when the explorer stays busy", async () => {
    script = [{ status: 429, body: "slow down" }];
    const { host } = new URL(tools.api);
    expect(await submit()).to.include({ type: "failed", message: `${host} answers 429` });
    expect(requests).to.have.length(4);
  });

  it("waits for a receipt that the explorer does not know yet", async () => {
    script = [accepted, { body: { status: "1", message: "OK", result: "Unknown UID" } }, passed];
    expect((await submit()).type).to.equal("verified");
  });

  it("fails when the explorer never decides", async () => {
    script = [accepted, pending];
    expect(await submit()).to.include({
      type: "failed",
      message: "Pending in queue: still not decided, ask again later",
    });
  });

  it("fails with what it was told when that is no answer", async () => {
    const { host } = new URL(tools.api);
    for (const body of ["<html>who are you?</html>", { status: "1" }, [1]]) {
      requests = [];
      script = [{ body }];
      const text = typeof body === "string" ? body : JSON.stringify(body);
      expect(await submit()).to.include({
        type: "failed",
        message: `${host} answered what is no answer of an explorer: ${text}`,
      });
    }
  });

  it("fails when nobody listens", async () => {
    // Port 1 of this machine: nobody does.
    tools = { ...tools, api: "http://127.0.0.1:1/api" };
    const { type, message } = await submit();
    expect(type).to.equal("failed");
    expect(message).to.include(`${new URL(tools.api).host} does not answer`);
  });
});

describe("standardInputOf", () => {
  it("gives the sources of one contract that compile to the same code, byte for byte", async () => {
    const build = (await readBuilds(["UpgradeableBeacon"])).get("UpgradeableBeacon")!;
    const input = standardInputOf(build);
    expect(Object.keys(input.sources)).to.deep.equal([
      "@openzeppelin/contracts/access/Ownable.sol",
      "@openzeppelin/contracts/proxy/beacon/IBeacon.sol",
      "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol",
      "@openzeppelin/contracts/utils/Context.sol",
    ]);
    const output = await compile(JSON.stringify(input));
    expect(output).to.have.nested.property(
      "contracts.@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon\\.sol.UpgradeableBeacon.evm.bytecode.object",
      build.bytecode.slice(2),
    );
  });

  it("names the compiler as explorers do", async () => {
    const build = (await readBuilds(["UpgradeableBeacon"])).get("UpgradeableBeacon")!;
    expect(compilerOf(build)).to.equal("v0.8.28+commit.7893614a");
  });
});

function compile(input: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [solc, "--standard-json"], { maxBuffer: 2 ** 28 }, (error, output) => {
      if (error === null) resolve(JSON.parse(output));
      else reject(new Error(error.message));
    });
    child.stdin?.end(input);
  });
}
