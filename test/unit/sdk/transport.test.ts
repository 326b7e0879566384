import { expect } from "chai";
import { type Signer, JsonRpcSigner, parseEther } from "ethers";

import {
  BytecodeMismatchError,
  type Context,
  EMetisError,
  RevertError,
  UnknownNetworkError,
  claim,
  deploymentOf,
  readDeposits,
  readSolvency,
  readTickets,
  recordCode,
  revertOf,
  rewardHistory,
  send,
  stake,
  verifyDeployment,
} from "../../../sdk/src/index";
import type { Chain } from "../../helpers/chains";
import { sdkContext } from "../../helpers/sdk/context";
import { type FaultyWorld, faultyWorld } from "../../helpers/sdk/faultCases";
import { type JsonRpcServer, type Manners, errorResponse, startJsonRpcServer } from "../../helpers/sdk/jsonRpcServer";
import { addressOf } from "../../helpers/sdk/previews";
import { rejectionOf, thrownBy } from "../../helpers/sdk/thrownBy";

const status = (code: number): Manners => ({
  connection: (_request, response) => {
    response.writeHead(code).end("no");
    return true;
  },
});

/** What a node may do, and the errors that it makes. */
const fatal: Readonly<Record<string, { readonly manners: Manners; readonly errors: readonly string[] }>> = {
  "answers 500": { manners: status(500), errors: ["RpcError"] },
  "answers 429": { manners: status(429), errors: ["RpcError"] },
  "cuts the connection": {
    manners: {
      connection: (request) => {
        request.socket.destroy();
        return true;
      },
    },
    errors: ["RpcError"],
  },
  "answers a page of HTML": { manners: { body: () => "<html>busy</html>" }, errors: ["RpcError"] },
  "answers half of its JSON": {
    manners: { body: (responses) => JSON.stringify(responses[0]).slice(0, 40) },
    errors: ["RpcError"],
  },
  "answers another request's id": {
    manners: { body: (responses) => responses.map((one) => ({ ...one, id: 999_999 })) },
    errors: ["RpcError"],
  },
  hangs: { manners: { connection: () => true }, errors: ["RpcTimeoutError"] },
  "says that the limit is exceeded": {
    manners: { answer: (request) => errorResponse(request, { code: -32005, message: "limit exceeded" }) },
    errors: ["RpcError"],
  },
  "gives null": {
    manners: { answer: ({ id, method }) => (method === "eth_call" ? { jsonrpc: "2.0", id, result: null } : undefined) },
    errors: ["RpcError", "RpcAnswerError"],
  },
};

/** How nodes refuse a range of blocks. */
const refusals: Readonly<Record<string, object>> = {
  geth: { code: -32000, message: "exceed maximum block range: 5" },
  Erigon: { code: -32000, message: "block range too large" },
  Infura: {
    code: -32005,
    message: "query returned more than 10000 results",
    data: { from: "0x1", limit: 10_000, to: "0x5" },
  },
  Alchemy: { code: -32602, message: "Log response size exceeded. This block range should work: [0x0, 0x5]" },
};

describe("A node behind ethers' JsonRpcProvider", () => {
  const escaped: unknown[] = [];
  const listener = (reason: unknown) => escaped.push(reason);
  const open: JsonRpcServer[] = [];
  let world: FaultyWorld;
  let healthy: Context;

  before(async () => {
    process.on("unhandledRejection", listener);
    world = await faultyWorld();
    healthy = sdkContext(world);
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map(({ close }) => close()));
  });

  after(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off("unhandledRejection", listener);
    expect(escaped, "unhandled rejections").to.deep.equal([]);
  });

  /** A node that has behaved until now. */
  const startNode = async ({ provider: chain }: Chain, faults: Manners = {}) => {
    const manners: Manners = {};
    const server = await startJsonRpcServer((method, params) => chain.send(method, params), manners);
    open.push(server);
    // Whatever ethers asks once, it has asked.
    await server.provider.getBlockNumber();
    Object.assign(manners, faults);
    return server.provider;
  };
  const ill = async (faults: Manners, timeout = 5_000): Promise<Context> => ({
    ...healthy,
    timeout,
    l1: await startNode(world.l1, faults),
    l2: await startNode(world.l2, faults),
  });

  it("is as good as the chain when it behaves", async () => {
    const context = await ill({});
    const { address } = world.people.dave;
    expect(await readSolvency(context)).to.deep.equal(await readSolvency(healthy));
    expect(await readDeposits(context, { account: address })).to.deep.equal(
      await readDeposits(healthy, { account: address }),
    );
  });

  for (const [fault, { manners, errors }] of Object.entries(fatal)) {
    it(`leaves with a named error and a remedy when it ${fault}`, async () => {
      const context = await ill(manners, fault === "hangs" ? 100 : 5_000);
      const { address } = world.people.dave;
      for (const run of [() => readSolvency(context), () => readDeposits(context, { account: address })]) {
        const error = await rejectionOf(run());
        expect(error).to.be.instanceOf(EMetisError);
        const { name, message } = error as EMetisError;
        expect(name).to.be.oneOf(errors);
        expect(message).to.match(/(try again|use another node)/i);
      }
    });
  }

  it("may answer a batch out of order", async () => {
    let lists = 0;
    const context = await ill({
      body: (responses, isList) => {
        if (isList) lists++;
        return isList ? [...responses].reverse() : undefined;
      },
    });
    const all = (asked: Context) => Promise.all([readSolvency(asked), readTickets(asked, { account: bob() })]);
    expect(await all(context)).to.deep.equal(await all(healthy));
    expect(lists).to.be.greaterThan(0);
  });

  for (const [node, error] of Object.entries(refusals)) {
    it(`gives all logs though it refuses ranges in the words of ${node}`, async () => {
      const context = await ill({
        answer: (request) => {
          const [filter] = request.params as readonly { readonly fromBlock: string; readonly toBlock: string }[];
          if (request.method !== "eth_getLogs" || filter === undefined) return undefined;
          return Number(filter.toBlock) - Number(filter.fromBlock) < 5 ? undefined : errorResponse(request, error);
        },
      });
      const account = world.people.dave.address;
      expect(await readDeposits(context, { account })).to.deep.equal(await readDeposits(healthy, { account }));
    });
  }

  describe("that tells reverts as geth does", () => {
    const signerOf = async (): Promise<Signer> => new JsonRpcSigner(await startNode(world.l2), bob());

    it("shows the contract's error in what `send` estimates", async () => {
      const call = claim(healthy.deployment, { id: world.numbers.waitingTicket });
      const error = await rejectionOf(send(await signerOf(), call, { timeout: 5_000 }));
      expect(error).to.be.instanceOf(RevertError);
      expect(error).to.include({ error: "RedemptionQueue__NotFinalised" });
    });

    it("shows it in an error of ethers", async () => {
      const { to, data } = claim(healthy.deployment, { id: world.numbers.waitingTicket });
      const error = await rejectionOf((await startNode(world.l2)).call({ from: bob(), to, data }));
      expect(revertOf(error)).to.include({ name: "RevertError", error: "RedemptionQueue__NotFinalised" });
    });

    it("refuses a signer of another chain", async () => {
      const signer = new JsonRpcSigner(await startNode(world.l1), bob());
      const call = stake(healthy.deployment, { assets: parseEther("1"), receiver: bob() });
      expect(await rejectionOf(send(signer, call, { timeout: 5_000 }))).to.include({ name: "SignerChainError" });
    });
  });

  describe("of the wrong chain", () => {
    it("is named when it is the other one of the pair", async () => {
      const context = { ...healthy, l1: await startNode(world.l2), l2: await startNode(world.l1) };
      for (const run of [() => readSolvency(context), () => verifyDeployment(context)]) {
        expect(await rejectionOf(run())).to.include({ name: "ChainMismatchError", isSwapped: true });
      }
    });

    it("is named when only its eth_chainId is wrong, by what goes by it", async () => {
      const answer: Manners["answer"] = ({ id, method }) =>
        method === "eth_chainId" ? { jsonrpc: "2.0", id, result: "0x5" } : undefined;
      const server = await startJsonRpcServer((method, params) => world.l2.provider.send(method, params), { answer });
      open.push(server);
      const context = { ...healthy, l2: server.provider };
      const history = await rejectionOf(rewardHistory(context, { account: bob() }));
      expect(history).to.include({ name: "ChainMismatchError", side: "l2", actual: 5 });
      const call = stake(healthy.deployment, { assets: parseEther("1"), receiver: bob() });
      const sent = await rejectionOf(send(new JsonRpcSigner(server.provider, bob()), call, { timeout: 5_000 }));
      expect(sent).to.include({ name: "SignerChainError" });
      expect(await readSolvency(context)).to.deep.equal(await readSolvency(healthy));
    });

    it("is named when the deployment is of another pair", async () => {
      const { deployment } = healthy;
      const other = {
        ...deployment,
        l1: { ...deployment.l1, chainId: 1 },
        l2: { ...deployment.l2, chainId: 1088 },
      };
      const context = { ...healthy, l1: await startNode(world.l1), l2: await startNode(world.l2), deployment: other };
      for (const run of [() => readSolvency(context), () => verifyDeployment(context)]) {
        const error = await rejectionOf(run());
        expect(error).to.include({ name: "ChainMismatchError", isSwapped: false });
      }
    });

    it("does not believe in code that was not recorded", async () => {
      const context = await ill({});
      const code = await recordCode(context);
      const codeHash = `0x${"11".repeat(32)}` as const;
      const pool = { ...code.l2.stakingPool, codeHash };
      const { deployment } = context;
      const l2 = { ...deployment.l2, code: { ...code.l2, stakingPool: pool } };
      const error = await rejectionOf(verifyDeployment({ ...context, deployment: { ...deployment, l2 } }));
      expect(error).to.be.instanceOf(BytecodeMismatchError);
      expect(error).to.include({ contract: "l2.stakingPool", expected: codeHash });
    });

    it("is unknown when no deployment has its id", () => {
      expect(thrownBy(() => deploymentOf(5))).to.be.instanceOf(UnknownNetworkError);
      expect(thrownBy(() => deploymentOf("mainnet"))).to.be.instanceOf(UnknownNetworkError);
    });
  });

  const bob = () => addressOf(world.people.bob);
});
