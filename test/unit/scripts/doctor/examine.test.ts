import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { walletAccount } from "../../../../scripts/lib/chain/account";
import { type Check, renderChecks } from "../../../../scripts/lib/doctor/check";
import { checkAddress } from "../../../../scripts/lib/doctor/endpoints";
import { type DoctorOptions, examine } from "../../../../scripts/lib/doctor/examine";
import type { Network } from "../../../../scripts/lib/network";
import { setBalance } from "../../../../scripts/lib/localNode";
import { type ProtocolWorld, emptyProtocol } from "../../../helpers/protocol";
import { localNetwork, recordProtocol } from "../../../helpers/records";
import {
  type JsonRpcServer,
  type Manners,
  errorResponse,
  startJsonRpcServer,
} from "../../../helpers/sdk/jsonRpcServer";

/** The key of nobody, and of the account that the tests give the doctor. */
const key = `0x${"17".repeat(32)}`;

describe("examine", function () {
  const folders: string[] = [];
  const servers: JsonRpcServer[] = [];

  afterEach(async () => {
    await Promise.all(servers.splice(0).map(({ close }) => close()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });

  it("finds no fault with a deployment that is as it should be", async function () {
    const { network, world } = await setUp();
    const checks = await look({ world, network });
    expect(faultsOf(checks)).to.deep.equal([]);
    expect(messagesOf(checks, "ok")).to.include.members([
      "all 10 records match the code on both chains",
      "external.json: Metis's contracts are there and know each other",
      "setup.json is sound, with 2 sequencers",
      `${world.people.keeper.address} may recall`,
      `vault 1, ${world.protocol.sequencers[1]!.vault}, is on Metis's whitelist`,
      "LockingPool is open",
    ]);
  });

  it("tells the account by its address, and never its key", async function () {
    const { network, world } = await setUp();
    const account = walletAccount(key);
    await setBalance(world.l1.provider, account.address, 1n);
    const text = renderChecks(await look({ world, network }, { openAccount: async () => Promise.resolve(account) }));
    expect(text).to.include(`the account is ${account.address}`);
    expect(text).to.include(`the account ${account.address} is not the keeper of setup.json`);
    expect(text).to.match(/^warning {2}the account has <0\.000001 ETH on local L1, a week of the keeper/m);
    expect(text).to.match(/^FAULT {4}the account has 0 METIS on local L2/m);
    expect(text).to.not.include(key.slice(2));
  });

  it("names the reason why the account cannot be opened", async function () {
    const { network, world } = await setUp();
    const openAccount = () => Promise.reject(new Error("Variable KEEPER_KEY is not set"));
    const checks = await look({ world, network }, { openAccount });
    expect(faultsOf(checks)).to.deep.equal(["the account: Variable KEEPER_KEY is not set"]);
  });

  it("finds a node of another chain, and goes on", async function () {
    const { network, world } = await setUp({ l2: [{ answer: answering("eth_chainId", "0x1") }] });
    const faults = faultsOf(await look({ world, network }));
    expect(faults[0]).to.match(/^local L2, http:\/\/127\.0\.0\.1:\d+: Chain 31338 is wanted, but .* is on chain 1:/);
  });

  it("finds nodes that have different blocks where all should have the same", async function () {
    const forked: Manners = {
      answer: (request) =>
        request.method === "eth_getBlockByNumber" && request.params[0] !== "latest"
          ? { jsonrpc: "2.0", id: request.id, result: null }
          : undefined,
    };
    const { network, world } = await setUp({ l1: [{}, forked] });
    const faults = faultsOf(await look({ world, network }));
    expect(faults).to.have.length(1);
    expect(faults[0]).to.match(/^local L1: the nodes have different blocks \d+: /);
  });

  it("warns of a node that takes no requests for many logs", async function () {
    const refusing: Manners = {
      answer: (request) =>
        request.method === "eth_getLogs"
          ? errorResponse(request, { code: -32_602, message: "range too wide" })
          : undefined,
    };
    const { network, world } = await setUp({ l2: [refusing] });
    const warnings = messagesOf(await look({ world, network }), "warning");
    expect(warnings.find((message) => message.includes("no logs of 5000 blocks at once"))).to.match(/^local L2, /);
  });

  it("finds a clock of this machine that is an hour slow, and warns of one that is a day fast", async function () {
    const { network, world } = await setUp();
    const slow = faultsOf(await look({ world, network }, { now: (await world.l1.now()) - 3_600 }));
    expect(slow[0]).to.match(/its latest block is 1 h ahead of this machine's clock$/);
    const fast = messagesOf(await look({ world, network }, { now: (await world.l1.now()) + 86_400 }), "warning");
    expect(fast.filter((message) => message.endsWith("is 1 d old by this machine's clock"))).to.have.length(2);
  });

  it("finds code that is not what was recorded", async function () {
    const { network, world, folder } = await setUp();
    await change(folder, "StakingPool.json", (record) => ({ ...record, codeHash: `0x${"ab".repeat(32)}` }));
    const { stakingPool } = world.protocol.deployment.l2;
    expect(faultsOf(await look({ world, network }))).to.deep.equal([
      `StakingPool.json: the code at ${stakingPool} is not what was recorded`,
    ]);
  });

  it("finds an address of Metis that belongs to another contract", async function () {
    const { network, world, folder } = await setUp();
    const { bridge, metis } = world.protocol.metis;
    await change(folder, "external.json", (file) => ({ ...file, L1StandardBridge: { address: metis, source: "?" } }));
    expect(faultsOf(await look({ world, network }))).to.deep.equal([
      `external.json: LockingInfo.bridge is ${bridge}, not ${metis}`,
    ]);
  });

  it("says that a deployment was broken off, and asks of the account what the rest may cost", async function () {
    const { network, world, folder } = await setUp();
    await rm(path.join(folder, "L2Gateway.json"));
    const openAccount = async () => Promise.resolve(walletAccount(key));
    const checks = await look({ world, network }, { openAccount });
    expect(messagesOf(checks, "warning")).to.include("records are missing: L2Gateway");
    expect(faultsOf(checks)[0]).to.match(/^the account has 0 ETH on local L1, a deployment is reckoned with /);
  });

  it("finds a keeper without its role, a vault off the whitelist and a paused LockingPool", async function () {
    const { network, world, folder } = await setUp();
    const { stranger } = world.people;
    const { vault } = world.protocol.sequencers[0]!;
    await change(folder, "setup.json", (file) => ({ ...file, keeper: stranger.address }));
    await world.protocol.l1.lockingPool.setWhitelist(vault, false);
    await world.protocol.l1.lockingPool.setPause(true);
    const checks = await look({ world, network });
    expect(faultsOf(checks)).to.deep.equal([`${stranger.address}, the keeper of setup.json, may not recall at once`]);
    expect(messagesOf(checks, "warning")).to.include.members([
      `vault 0, ${vault}, is not on Metis's whitelist: it locks nothing`,
      "Metis paused LockingPool",
    ]);
  });

  it("warns when one account holds two powers", async function () {
    const { network, world, folder } = await setUp();
    const { keeper } = world.people;
    await change(folder, "setup.json", (file) => ({ ...file, guardian: { l1: keeper.address, l2: keeper.address } }));
    expect(messagesOf(await look({ world, network }), "warning")).to.include.members([
      "setup.json: one account holds two of governance, guardian and keeper on L1",
      "setup.json: one account holds two of governance, guardian and keeper on L2",
    ]);
  });

  /** The protocol with its records, behind as many nodes of each chain as there are manners. */
  async function setUp(manners: Partial<Record<"l1" | "l2", readonly Manners[]>> = {}) {
    const world = await emptyProtocol();
    const folder = await mkdtemp(path.join(tmpdir(), "emetis-doctor-"));
    folders.push(folder);
    await recordProtocol(world.protocol, folder);
    const local = localNetwork(folder);
    const urls = async (layer: "l1" | "l2") => {
      const started = await Promise.all((manners[layer] ?? [{}]).map(async (one) => serve(world, layer, one)));
      return { ...local[layer], rpcUrls: started };
    };
    const network: Network = { ...local, l1: await urls("l1"), l2: await urls("l2") };
    return { world, folder, network };
  }

  async function serve({ l1, l2 }: ProtocolWorld, layer: "l1" | "l2", manners: Manners): Promise<string> {
    const { provider } = { l1, l2 }[layer];
    const server = await startJsonRpcServer((method, params) => provider.send(method, params), manners);
    servers.push(server);
    return server.provider._getConnection().url;
  }
});

describe("checkAddress", () => {
  it("takes https, and this machine without it", () => {
    const urls = ["https://rpc.example/KEY", "http://localhost:8545", "http://127.0.0.1:1", "http://[::1]:8545"];
    expect(urls.flatMap(checkAddress)).to.deep.equal([]);
  });

  it("finds http to any other host, without telling what may be a key", () => {
    const urls = ["http://rpc.example/KEY", "http://10.0.0.7:8545/KEY", "http://127.0.0.1.example/KEY"];
    expect(urls.flatMap(checkAddress).map(({ verdict, message }) => `${verdict}: ${message}`)).to.deep.equal(
      ["http://rpc.example", "http://10.0.0.7:8545", "http://127.0.0.1.example"].map(
        (name) => `fault: ${name} is asked without encryption: whoever is on the way can change what is read`,
      ),
    );
  });
});

async function look(
  { world, network }: { readonly world: ProtocolWorld; readonly network: Network },
  options: Partial<DoctorOptions> = {},
): Promise<readonly Check[]> {
  return examine({ network, openAccount: undefined, now: await world.l1.now(), ...options });
}

function faultsOf(checks: readonly Check[]): readonly string[] {
  return messagesOf(checks, "fault");
}

function messagesOf(checks: readonly Check[], verdict: Check["verdict"]): readonly string[] {
  return checks.filter((check) => check.verdict === verdict).map(({ message }) => message);
}

function answering(method: string, result: string): NonNullable<Manners["answer"]> {
  return (request) => (request.method === method ? { jsonrpc: "2.0", id: request.id, result } : undefined);
}

type Fields = Readonly<Record<string, unknown>>;

async function change(folder: string, file: string, edit: (fields: Fields) => Fields): Promise<void> {
  const place = path.join(folder, file);
  await writeFile(place, JSON.stringify(edit(JSON.parse(await readFile(place, "utf8")) as Fields)));
}
