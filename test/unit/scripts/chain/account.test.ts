import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { expect } from "chai";
import { Transaction, Wallet, encryptKeystoreJson, id } from "ethers";

import {
  type AccountOptions,
  type AccountTools,
  accountOptions,
  accountTools,
  openAccount,
  walletAccount,
} from "../../../../scripts/lib/chain/account";
import {
  AccountOptionsError,
  KeystoreError,
  SecretError,
  SecretInRepositoryError,
} from "../../../../scripts/lib/chain/errors";
import { rejectionOf, thrownBy } from "../../../helpers/sdk/thrownBy";

const wallet = new Wallet(id("a key of these tests"));
const password = "correct horse";

describe("openAccount", function () {
  let folder: string;
  let repository: string;
  let keystore: string;
  let encrypted: string;

  before(async () => {
    // As few rounds as there can be: it is slow on purpose.
    encrypted = await encryptKeystoreJson(wallet, password, { scrypt: { N: 2, r: 1, p: 1 } });
  });

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(path.join(tmpdir(), "account-")));
    repository = path.join(folder, "repository");
    keystore = path.join(folder, "keystore.json");
    await mkdir(repository);
    await writeFile(keystore, encrypted);
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const toolsWith = (tools: Partial<AccountTools> = {}): AccountTools => ({
    repository,
    environment: {},
    variablesFile: () => path.join(folder, "vars.json"),
    askPassword: async () => Promise.reject(new Error("nobody is to be asked")),
    ...tools,
  });
  const open = async (options: AccountOptions, tools: Partial<AccountTools> = {}) =>
    openAccount(options, toolsWith(tools));
  const failure = async (options: AccountOptions, tools: Partial<AccountTools> = {}) =>
    (await rejectionOf(open(options, tools))) as Error;
  const store = async (place: string, value: string) =>
    writeFile(place, JSON.stringify({ _format: "hh-vars-1", vars: { KEEPER_KEY: { value } } }));

  it("takes the options from a command line", () => {
    const { values } = parseArgs({ args: ["--keystore", "a.json"], options: accountOptions });
    expect(values).to.deep.equal({ keystore: "a.json" });
  });

  it("asks for exactly one account", async () => {
    const ways = "give one of --key-variable NAME, --keystore FILE, or --signer-url URL with --signer-address ADDRESS.";
    const none = await failure({});
    expect(none).to.be.instanceOf(AccountOptionsError).and.to.have.property("message", `No account is given: ${ways}`);
    const two = await failure({ "key-variable": "KEEPER_KEY", keystore });
    expect(two).to.be.instanceOf(AccountOptionsError);
    expect(two.message).to.equal(`The account is given by --key-variable and --keystore: ${ways}`);
  });

  it("refuses a signer without its address", async () => {
    const error = await failure({ "signer-url": "http://127.0.0.1:8550" });
    expect(error)
      .to.be.instanceOf(AccountOptionsError)
      .and.to.have.property("message", "The account is given by --signer-url: give its account as --signer-address.");
  });

  describe("with a variable of Hardhat's", function () {
    const options = { "key-variable": "KEEPER_KEY" };

    it("takes the key that Hardhat has stored", async () => {
      await store(path.join(folder, "vars.json"), wallet.privateKey);
      expect((await open(options)).address).to.equal(wallet.address);
    });

    it("prefers the key of the environment, as Hardhat does", async () => {
      await store(path.join(folder, "vars.json"), id("another key"));
      const environment = { HARDHAT_VAR_KEEPER_KEY: wallet.privateKey };
      expect((await open(options, { environment })).address).to.equal(wallet.address);
    });

    it("says how to set one that is not set", async () => {
      const error = await failure(options);
      expect(error)
        .to.be.instanceOf(SecretError)
        .and.to.have.property(
          "message",
          'Variable KEEPER_KEY is not set: run "npx hardhat vars set KEEPER_KEY", or set HARDHAT_VAR_KEEPER_KEY.',
        );
    });

    it("refuses to keep variables in the repository", async () => {
      const file = path.join(repository, "vars.json");
      await store(file, wallet.privateKey);
      const error = await failure(options, { variablesFile: () => file });
      expect(error).to.be.instanceOf(SecretInRepositoryError).and.to.include({ file });
    });

    it("does not show what is stored when it is no key", async () => {
      await store(path.join(folder, "vars.json"), `${wallet.privateKey}00`);
      const error = await failure(options);
      expect(error)
        .to.be.instanceOf(SecretError)
        .and.to.have.property(
          "message",
          "Variable KEEPER_KEY holds no private key: it must be 32 bytes in hexadecimal.",
        );
      expect(everythingOf(error)).not.to.include(wallet.privateKey.slice(2));
    });
  });

  describe("with a keystore", function () {
    it("opens it with the password of a variable", async () => {
      const options = { keystore, "password-variable": "KEEPER_PASSWORD" };
      const { address } = await open(options, { environment: { KEEPER_PASSWORD: password } });
      expect(address).to.equal(wallet.address);
    });

    it("asks for the password", async () => {
      const questions: string[] = [];
      const askPassword = async (question: string) => {
        questions.push(question);
        return Promise.resolve(password);
      };
      expect((await open({ keystore }, { askPassword })).address).to.equal(wallet.address);
      expect(questions).to.deep.equal([`Password of ${keystore}: `]);
    });

    it("says that the password is wrong and does not show it", async () => {
      const error = await failure({ keystore }, { askPassword: async () => Promise.resolve("wr0ng-h0rse") });
      expect(error).to.be.instanceOf(KeystoreError);
      expect(error.message).to.equal(`Keystore ${keystore} does not open with this password.`);
      expect(everythingOf(error)).not.to.include("wr0ng-h0rse");
    });

    it("says that the variable of the password is not set", async () => {
      const error = await failure({ keystore, "password-variable": "KEEPER_PASSWORD" });
      expect(error)
        .to.be.instanceOf(SecretError)
        .and.to.have.property(
          "message",
          "Variable KEEPER_PASSWORD is not set: it must hold the password of the keystore.",
        );
    });

    it("says that a file is no keystore and does not show it", async () => {
      await writeFile(keystore, wallet.privateKey);
      const error = await failure({ keystore }, { askPassword: async () => Promise.resolve(password) });
      expect(error).to.be.instanceOf(KeystoreError);
      expect(error.message).to.equal(`Keystore ${keystore} is no encrypted JSON keystore that can be read.`);
      expect(everythingOf(error)).not.to.include(wallet.privateKey.slice(2));
    });

    it("says that a file cannot be read, before it asks for the password", async () => {
      const missing = path.join(folder, "missing.json");
      const error = await failure({ keystore: missing });
      expect(error).to.be.instanceOf(KeystoreError);
      expect(error.message).to.equal(`Keystore ${missing} cannot be read: check the path and its rights.`);
    });

    it("refuses one in the repository", async () => {
      const inside = path.join(repository, "keystore.json");
      await writeFile(inside, encrypted);
      const error = await failure({ keystore: path.relative(process.cwd(), inside) });
      expect(error).to.be.instanceOf(SecretInRepositoryError);
      expect(error.message).to.match(
        /keystore\.json lies in the repository: move it out of it, and use another key if it was ever committed\.$/,
      );
    });

    it("refuses one that a link leads to from outside", async () => {
      const inside = path.join(repository, "keystore.json");
      await writeFile(inside, encrypted);
      const link = path.join(folder, "link.json");
      await symlink(inside, link);
      expect(await failure({ keystore: link })).to.be.instanceOf(SecretInRepositoryError);
    });

    it("refuses a link in the repository to one outside", async () => {
      const link = path.join(repository, "link.json");
      await symlink(keystore, link);
      expect(await failure({ keystore: link })).to.be.instanceOf(SecretInRepositoryError);
    });

    it("takes one from a folder beside the repository whose name begins alike", async () => {
      const beside = `${repository}-keys`;
      await mkdir(beside);
      await writeFile(path.join(beside, "keystore.json"), encrypted);
      const askPassword = async () => Promise.resolve(password);
      const { address } = await open({ keystore: path.join(beside, "keystore.json") }, { askPassword });
      expect(address).to.equal(wallet.address);
    });

    it("guards this repository", async () => {
      const file = path.join(__dirname, "..", "..", "..", "..", "package.json");
      const error = await rejectionOf(openAccount({ keystore: file }, accountTools()));
      expect(error).to.be.instanceOf(SecretInRepositoryError);
    });
  });
});

describe("walletAccount", function () {
  it("signs a transaction", async () => {
    const transaction = { to: wallet.address, data: "0x1234", value: 5n, nonce: 7, gasLimit: 30_000n, chainId: 1_088 };
    const raw = await walletAccount(wallet.privateKey).signTransaction({ ...transaction, type: 0, gasPrice: 9n });
    const signed = Transaction.from(raw);
    expect(signed).to.deep.include({ ...transaction, chainId: 1_088n, type: 0, gasPrice: 9n, from: wallet.address });
  });

  it("takes a key without 0x, and with a line's end", () => {
    expect(walletAccount(`${wallet.privateKey.slice(2)}\n`).address).to.equal(wallet.address);
  });

  const order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
  const wrong = { short: "0x5ec2e7", "not hexadecimal": `0x5ec2e7${"g".repeat(58)}`, zero: "0".repeat(64), order };
  for (const [name, key] of Object.entries(wrong)) {
    it(`refuses a key that is ${name === "order" ? "the curve's order" : name} and does not show it`, () => {
      const error = thrownBy(() => walletAccount(key, "KEY"));
      expect(error).to.be.instanceOf(SecretError);
      expect((error as Error).message).to.match(/^Variable KEY holds no private key: /);
      expect(everythingOf(error)).not.to.include(key);
    });
  }
});

/** All that could be printed of an error. */
function everythingOf(error: unknown): string {
  const { message, stack, cause, ...rest } = error as Error;
  const inside = cause === undefined ? "" : everythingOf(cause);
  return [message, stack, JSON.stringify(rest), inside].join("\n");
}
