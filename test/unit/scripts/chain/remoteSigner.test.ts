import { expect } from "chai";
import { Transaction, type TransactionLike, Wallet, id } from "ethers";

import { AccountOptionsError, SignerError, SignerMismatchError } from "../../../../scripts/lib/chain/errors";
import { remoteAccount } from "../../../../scripts/lib/chain/remoteSigner";
import {
  type JsonRpcServer,
  type Manners,
  type RpcRequest,
  errorResponse,
  startJsonRpcServer,
} from "../../../helpers/sdk/jsonRpcServer";
import { rejectionOf, thrownBy } from "../../../helpers/sdk/thrownBy";
import { urlOf } from "./fakeNodes";

const wallet = new Wallet(id("a key of these tests"));
const thief = new Wallet(id("another key"));
const body = { to: thief.address, data: "0x1234", value: 5n, nonce: 7, gasLimit: 30_000n, chainId: 1_088 };
const legacy: TransactionLike = { ...body, type: 0, gasPrice: 9n };
const dynamic: TransactionLike = { ...body, type: 2, maxFeePerGas: 90n, maxPriorityFeePerGas: 3n };

describe("remoteAccount", function () {
  const servers: JsonRpcServer[] = [];

  afterEach(async () => {
    await Promise.all(servers.splice(0).map(async ({ close }) => close()));
  });

  /** Starts a signer; what it was asked is kept. */
  async function start(answer: (request: RpcRequest) => object, manners: Manners = {}) {
    const asked: RpcRequest[] = [];
    const server = await startJsonRpcServer(async () => Promise.resolve(), {
      answer: (request) => {
        asked.push(request);
        return { jsonrpc: "2.0", id: request.id, ...answer(request) };
      },
      ...manners,
    });
    servers.push(server);
    return { url: urlOf(server), asked };
  }

  /** A signer that signs this, whatever it is asked. */
  const signing = async (transaction: TransactionLike, by = wallet) => {
    const raw = await by.signTransaction(transaction);
    return start(() => ({ result: { raw, tx: {} } }));
  };
  const without = (method: string) => (request: RpcRequest) =>
    errorResponse(request, { code: -32601, message: `the method ${method} does not exist/is not available` });

  it("has Clef sign a legacy transaction", async () => {
    const { url, asked } = await signing(legacy);
    const raw = await remoteAccount(url, wallet.address).signTransaction(legacy);
    expect(Transaction.from(raw)).to.deep.include({ ...body, chainId: 1_088n, gasPrice: 9n, from: wallet.address });
    const wanted = { to: thief.address, data: "0x1234", value: "0x5", nonce: "0x7", gas: "0x7530", chainId: "0x440" };
    const { method, params } = asked[0]!;
    expect(method).to.equal("account_signTransaction");
    expect(params).to.deep.equal([{ from: wallet.address, ...wanted, gasPrice: "0x9" }]);
  });

  it("has Clef sign a transaction with the fees of EIP-1559", async () => {
    const { url, asked } = await signing(dynamic);
    const raw = await remoteAccount(url, wallet.address.toLowerCase()).signTransaction(dynamic);
    expect(Transaction.from(raw)).to.include({ type: 2, maxFeePerGas: 90n, maxPriorityFeePerGas: 3n });
    expect(asked[0]!.params[0]).to.include({ maxFeePerGas: "0x5a", maxPriorityFeePerGas: "0x3" });
  });

  it("has Clef sign the creation of a contract", async () => {
    const creation = { ...legacy, to: null };
    const { url, asked } = await signing(creation);
    const raw = await remoteAccount(url, wallet.address).signTransaction(creation);
    expect(Transaction.from(raw).to).to.equal(null);
    expect(asked[0]!.params[0]).not.to.have.property("to");
  });

  it("asks Web3Signer in its own way", async () => {
    const raw = await wallet.signTransaction(legacy);
    const { url, asked } = await start((request) =>
      request.method === "eth_signTransaction" ? { result: raw } : without(request.method)(request),
    );
    expect(await remoteAccount(url, wallet.address).signTransaction(legacy)).to.equal(raw);
    expect(asked.map(({ method }) => method)).to.deep.equal(["account_signTransaction", "eth_signTransaction"]);
  });

  const changes: Readonly<Record<string, readonly [TransactionLike, string, string]>> = {
    to: [{ to: wallet.address }, thief.address, wallet.address],
    data: [{ data: "0x1235" }, "0x1234", "0x1235"],
    value: [{ value: 6n }, "5", "6"],
    nonce: [{ nonce: 8 }, "7", "8"],
    gasLimit: [{ gasLimit: 30_001n }, "30000", "30001"],
    chainId: [{ chainId: 1 }, "1088", "1"],
    maxFeePerGas: [{ maxFeePerGas: 91n }, "90", "91"],
    maxPriorityFeePerGas: [{ maxPriorityFeePerGas: 4n }, "3", "4"],
    accessList: [
      { accessList: [{ address: thief.address, storageKeys: [] }] },
      "[]",
      `[{"address":"${thief.address}","storageKeys":[]}]`,
    ],
  };
  for (const [field, [change, expected, found]] of Object.entries(changes)) {
    it(`refuses a transaction of which the signer changed ${field}`, async () => {
      const { url } = await signing({ ...dynamic, ...change });
      const error = await rejectionOf(remoteAccount(url, wallet.address).signTransaction(dynamic));
      expect(error).to.be.instanceOf(SignerMismatchError).and.to.include({ field, expected, found });
      expect((error as Error).message).to.equal(
        `The signer changed ${field} from ${expected} to ${found}. ` +
          "Nothing was sent; do not trust this signer before you know why.",
      );
    });
  }

  it("refuses a legacy transaction with another gas price", async () => {
    const { url } = await signing({ ...legacy, gasPrice: 10n });
    const error = await rejectionOf(remoteAccount(url, wallet.address).signTransaction(legacy));
    expect(error).to.be.instanceOf(SignerMismatchError).and.to.include({ field: "gasPrice", found: "10" });
  });

  it("refuses a transaction of another type", async () => {
    const { url } = await signing(dynamic);
    const error = await rejectionOf(remoteAccount(url, wallet.address).signTransaction(legacy));
    expect(error).to.be.instanceOf(SignerMismatchError).and.to.include({ field: "type" });
  });

  it("refuses a transaction that another account signed", async () => {
    const { url } = await signing(legacy, thief);
    const error = await rejectionOf(remoteAccount(url, wallet.address).signTransaction(legacy));
    expect(error).to.be.instanceOf(SignerMismatchError);
    expect(error).to.include({ field: "sender", expected: wallet.address, found: thief.address });
  });

  it("refuses a transaction that is not signed", async () => {
    const { unsignedSerialized } = Transaction.from(legacy);
    const { url } = await start(() => ({ result: unsignedSerialized }));
    const error = await rejectionOf(remoteAccount(url, wallet.address).signTransaction(legacy));
    expect(error).to.be.instanceOf(SignerMismatchError).and.to.include({ field: "sender", found: "nobody" });
  });

  it("refuses bytes that are no transaction", async () => {
    const { url } = await start(() => ({ result: "0x5ead" }));
    const error = await rejectionOf(remoteAccount(url, wallet.address).signTransaction(legacy));
    expect(error).to.be.instanceOf(SignerMismatchError).and.to.include({ field: "the transaction" });
  });

  it("repeats why a signer does not sign, and does not ask in another way", async () => {
    const { url, asked } = await start((request) =>
      errorResponse(request, { code: -32000, message: "Request denied" }),
    );
    const error = await rejectionOf(remoteAccount(url, wallet.address).signTransaction(legacy));
    expect(error).to.be.instanceOf(SignerError);
    expect((error as Error).message).to.equal(
      `The signer at ${url.replace(/\/$/, "")} does not sign: Request denied. Nothing was sent.`,
    );
    expect(asked).to.have.length(1);
  });

  const silences: Readonly<Record<string, readonly [Manners, string]>> = {
    "no JSON": [{ body: () => "<html>" }, "it answers no JSON-RPC"],
    "no transaction": [{ body: () => '{"id":1,"result":null}' }, "it gave no signed transaction"],
    "nothing in time": [{ connection: () => true }, "no answer in time"],
  };
  for (const [name, [manners, reason]] of Object.entries(silences)) {
    it(`says that a signer answers ${name}`, async () => {
      const { url } = await start(() => ({}), manners);
      const timeout = name === "nothing in time" ? 100 : 10_000;
      const error = await rejectionOf(remoteAccount(url, wallet.address, timeout).signTransaction(legacy));
      expect(error).to.be.instanceOf(SignerError).and.to.include({ reason });
    });
  }

  it("says that a signer cannot be reached", async () => {
    const { url } = await start(() => ({}));
    await servers.pop()!.close();
    const error = await rejectionOf(remoteAccount(url, wallet.address).signTransaction(legacy));
    expect(error).to.be.instanceOf(SignerError).and.to.include({ reason: "it cannot be reached" });
  });

  for (const url of ["http://10.0.0.1:8550", "http://127.0.0.1.example.org", "clef.ipc", "http://0.0.0.0:8550"]) {
    it(`refuses a signer at ${url}`, () => {
      const error = thrownBy(() => remoteAccount(url, wallet.address));
      expect(error)
        .to.be.instanceOf(AccountOptionsError)
        .and.to.have.property(
          "message",
          "The account is given by --signer-url: a signer has to run on this machine, like http://127.0.0.1:8550.",
        );
    });
  }

  for (const url of ["http://localhost:8550", "http://127.0.0.9:8550", "http://[::1]:8550"]) {
    it(`takes a signer at ${url}`, () => {
      expect(remoteAccount(url, wallet.address).address).to.equal(wallet.address);
    });
  }

  it("refuses an address that is none", () => {
    const error = thrownBy(() => remoteAccount("http://127.0.0.1:8550", `${wallet.address}0`));
    expect(error)
      .to.be.instanceOf(AccountOptionsError)
      .and.to.have.property("message", "The account is given by --signer-address: give 20 bytes in hexadecimal.");
  });
});
