import { expect } from "chai";

import { NoEndpointError } from "../../../../scripts/lib/chain/errors";
import type { Manners } from "../../../helpers/sdk/jsonRpcServer";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";
import { type FakeNode, saying, startFailover, startFakeNode, status } from "./fakeNodes";

/** What another node may do better. */
const troubles: Readonly<Record<string, Manners>> = {
  "answers 500": status(500),
  "answers 502": status(502),
  "answers 429": status(429),
  "answers 401": status(401),
  "cuts the connection": {
    connection: (request) => {
      request.socket.destroy();
      return true;
    },
  },
  "answers a page of HTML": { body: () => "<html>busy</html>" },
  "answers half of its JSON": { body: (responses) => JSON.stringify(responses[0]).slice(0, 20) },
  "answers another request's id": { body: (responses) => JSON.stringify({ ...responses[0], id: 999_999 }) },
  "answers nothing": { body: (responses) => JSON.stringify({ jsonrpc: "2.0", id: responses[0]!.id }) },
  "has no header": saying(-32000, "header not found"),
  "has no state": saying(-32000, "missing trie node 1234 (path ) state 0x1234 is not available"),
  "is limited": saying(-32005, "limit exceeded"),
  "is asked too often": saying(-32029, "Too Many Requests"),
  "gives up": saying(-32002, "request timed out"),
  "is a Metis sequencer out of step": saying(-32000, "unexpect meta index, please try again later"),
};

/** What takes longer than a request may. */
const delays: Readonly<Record<string, Manners>> = {
  hangs: { connection: () => true },
  "sends its answer drop by drop": {
    connection: (_request, response) => {
      const drops = setInterval(() => response.write(" "), 20);
      response.on("close", () => {
        clearInterval(drops);
      });
      return true;
    },
  },
};

/** What every node would answer. */
const answers: Readonly<Record<string, Manners>> = {
  "a revert": saying(3, "execution reverted", "0x08c379a0"),
  "a revert with the words of a trouble": saying(3, "execution reverted: header not found, try again"),
  "a revert without code": saying(-32000, "execution reverted: timeout"),
  "a nonce too low": saying(-32000, "nonce too low: next nonce 5, tx nonce 4"),
  "a lack of funds": saying(-32000, "insufficient funds for gas * price + value"),
  "a price too low for a replacement": saying(-32000, "replacement transaction underpriced"),
  "a price that Metis finds too low": saying(-32000, "gas price too low: 1 wei, use at least tx.gasPrice = 2 wei"),
  "a range that is too long": saying(-32005, "query returned more than 10000 results"),
  "a method that is missing": saying(-32601, "the method eth_blockNumber does not exist/is not available"),
};

describe("createFailover, after an answer,", function () {
  let first: FakeNode;
  let second: FakeNode;

  beforeEach(async () => {
    [first, second] = await Promise.all([startFakeNode(), startFakeNode()]);
    second.state.block = "0x65";
  });

  afterEach(async () => {
    await Promise.all([first.close(), second.close()]);
  });

  /** How often a node was asked for what the test asks for. */
  const count = ({ asked }: FakeNode) => asked.filter((method) => method === "eth_blockNumber").length;

  for (const [trouble, manners] of Object.entries(troubles)) {
    it(`asks the next node when one ${trouble}`, async () => {
      first.state.manners = manners;
      const { ask, waits } = startFailover([first.url, second.url]);
      expect(await ask()).to.equal("0x65");
      expect(waits).to.deep.equal([]);
    });
  }

  for (const [delay, manners] of Object.entries(delays)) {
    it(`asks the next node when one ${delay}`, async () => {
      first.state.manners = manners;
      const { ask } = startFailover([first.url, second.url], { timeout: 200 });
      expect(await ask()).to.equal("0x65");
    });
  }

  for (const [answer, manners] of Object.entries(answers)) {
    it(`asks no other node after ${answer}`, async () => {
      first.state.manners = manners;
      const { ask, waits } = startFailover([first.url, second.url]);
      expect(await rejectionOf(ask()))
        .to.be.instanceOf(Error)
        .and.not.instanceOf(NoEndpointError);
      expect([count(first), count(second), waits]).to.deep.equal([1, 0, []]);
    });
  }
});
